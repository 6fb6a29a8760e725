import pytest

from tests.labs.running import run_lab


def test_seven_broken_nights_are_not_red() -> None:
    names = run_lab("break-it-eight-ways")
    runs = {mode: run for mode, (run, _, _) in names["verdicts"].items()}
    assert runs.pop("a good night") == "success"
    assert {mode for mode, run in runs.items() if run == "failed"} == {"partial load"}
    assert {mode for mode, run in runs.items() if run == "running"} == {"silent stall"}
    assert len(names["by_query"]) == len(runs) == 8


def test_five_broken_nights_look_like_the_good_one() -> None:
    verdicts = run_lab("break-it-eight-ways")["verdicts"]
    good = verdicts.pop("a good night")[:2]
    assert sum(verdict[:2] == good for verdict in verdicts.values()) == 5


def test_an_overwrite_puts_three_bars_right() -> None:
    before = run_lab("break-it-eight-ways")["totals"]
    change = ("tx.append(orders)\n", "tx.overwrite(ctx.day, orders)\n")
    after = run_lab("break-it-eight-ways", change)["totals"]
    assert [after[mode] for mode in before if before[mode] != after[mode]] == [1000] * 3


@pytest.mark.parametrize(("length", "attempts"), [(30, [1]), (35, [1, 2])])
def test_the_length_of_the_freeze_decides(length: int, attempts: list[int]) -> None:
    """The 35 seconds are enough for a second attempt, and the first one writes first."""
    judged = """judge("zombie twin", machine)"""
    written = "written = [e.attempt for e in machine.store.events('warehouse')]"
    change = ("seconds=60", f"seconds={length}")
    names = run_lab("break-it-eight-ways", change, (judged, f"{judged}\n{written}"))
    assert names["written"] == attempts


def test_a_deferred_sensor_ends_the_stall() -> None:
    changes = [
        ("landed, pool", "landed, mode=SensorMode.DEFERRED, pool"),
        ("    Stalled,\n", "    SensorMode,\n    Stalled,\n"),
    ]
    run, _, total = run_lab("break-it-eight-ways", *changes)["verdicts"]["silent stall"]
    assert (run, total) == ("success", 1000)
