from tests.labs.running import run_lab


def test_a_chain_takes_its_length_in_ticks() -> None:
    names = run_lab("how-long-is-a-tick")
    for tick in names["ticks"]:
        line = names["series"][f"tick of {tick} s"]
        assert line == [length * tick for length in names["lengths"]]


def test_two_seconds_are_ten_eight_times_over() -> None:
    names = run_lab("how-long-is-a-tick")
    busy, chain = names["busy"], names["chain"]
    assert busy(chain(8), 2, tick_seconds=5) == 80 == 5 * 16
    assert [busy(chain(1), length, tick_seconds=5) for length in (1, 5, 6)] == [10, 10, 15]


def test_only_side_by_side_beats_the_work() -> None:
    names = run_lab("how-long-is-a-tick")
    faster = [name for name, seconds in names["figures"].items() if seconds < 16]
    assert faster == ["8 side by side, 8 workers, tick of 5 s"]


def test_what_it_asks_has_an_answer() -> None:
    names = run_lab("how-long-is-a-tick")
    busy, chain, eight = names["busy"], names["chain"], names["side_by_side"]
    one_worker = busy(eight, 2, tick_seconds=5, workers=1)
    assert one_worker == names["figures"]["a chain of 8, tick of 5 s"]
    by_tick = {tick: busy(chain(8), 6, tick_seconds=tick) for tick in (2, 3, 5, 6, 7)}
    assert max(by_tick, key=by_tick.get) == 5
    assert busy(eight, 2, tick_seconds=5, workers=8, parallelism=2) == 40
