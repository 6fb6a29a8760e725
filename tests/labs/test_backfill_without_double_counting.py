from tests.labs.running import run_lab


def test_no_choice_puts_an_append_right() -> None:
    totals = run_lab("backfill-without-double-counting")["totals"]
    right = {pair for pair, total in totals.items() if total == 3000}
    assert right == {(w, m) for w in ("overwrite", "upsert") for m in ("failed", "completed")}
    assert {total for (_, mode), total in totals.items() if mode == "none"} == {2500}


def test_an_upsert_keeps_a_cancelled_order() -> None:
    figures = run_lab("backfill-without-double-counting")["figures"]
    assert figures == {"append": 4400, "overwrite": 2900, "upsert": 3000}


def test_a_transaction_puts_one_append_right() -> None:
    change = ('"transaction": False', '"transaction": True')
    totals = run_lab("backfill-without-double-counting", change)["totals"]
    assert [totals["append", mode] for mode in ("none", "failed", "completed")] == [
        2000,
        3000,
        4000,
    ]
