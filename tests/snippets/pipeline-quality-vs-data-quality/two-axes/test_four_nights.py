from collections.abc import Callable
from itertools import product
from types import ModuleType

import pytest

WRONG_LIGHTS = ["report lost", "EUR/USD swapped"]


@pytest.fixture(scope="module")
def seen(program: ModuleType) -> dict:
    return {name: program.lights(program.play(night)) for name, night in program.NIGHTS.items()}


def wrong_about(program: ModuleType, status: Callable, seen: dict) -> list[str]:
    return program.misjudged({name: program.shown_by(status, pair) for name, pair in seen.items()})


def test_bug_is_real(program: ModuleType, seen: dict) -> None:
    for status in program.STATUSES.values():
        assert wrong_about(program, status, seen) == WRONG_LIGHTS


def test_fix_holds(program: ModuleType, seen: dict) -> None:
    assert program.misjudged(seen) == []
    assert set(seen.values()) == set(product((True, False), repeat=2))


def test_no_status_at_all_is_wrong_about_fewer_than_two(program: ModuleType, seen: dict) -> None:
    pairs = list(seen.values())
    for values in product((True, False), repeat=4):
        status = dict(zip(pairs, values, strict=True)).__getitem__
        assert set(WRONG_LIGHTS) <= set(wrong_about(program, status, seen))


def test_the_four_statuses_are_four(program: ModuleType, seen: dict) -> None:
    shown = {
        name: [status(pair) for pair in seen.values()] for name, status in program.STATUSES.items()
    }
    assert shown == {
        "the run": [True, False, True, False],
        "the data": [True, True, False, False],
        "both": [True, False, False, False],
        "either": [True, True, True, False],
    }


def test_each_light_has_its_own_hour(program: ModuleType) -> None:
    hours = [f"{hour:%H:%M}" for hour in (program.START, program.RUN_DUE, program.DATA_DUE)]
    assert hours == ["03:12", "03:30", "06:00"]


def test_each_light_has_its_own_source(program: ModuleType) -> None:
    machine = program.play(program.NIGHTS["as usual"])
    erase = machine.warehouse.begin()
    erase.delete_day("2026-03-13")
    erase.commit()
    assert program.lights(machine) == (True, False)


def test_one_order_over_the_whole_sum_is_wrong(program: ModuleType) -> None:
    machine = program.play(program.NIGHTS["as usual"])
    fold = machine.warehouse.begin()
    fold.overwrite("2026-03-13", [program.Order("2026-03-13", 1, 1_000_00)])
    fold.commit()
    assert machine.warehouse.total() == 1000
    assert program.lights(machine) == (True, False)


def test_wrong_currency_passes_a_check_of_count_and_run(program: ModuleType) -> None:
    machine = program.play(program.NIGHTS["EUR/USD swapped"])
    [(rows,)] = map(tuple, machine.warehouse.query("select count(*) from revenue"))
    [run] = machine.store.runs()
    assert (rows, run.state, machine.warehouse.total()) == (10, "success", 1090)


def test_data_light_asked_too_early_calls_saturday_wrong(program: ModuleType) -> None:
    saturday = program.NIGHTS["report lost"]
    early = program.play(saturday, until=program.RUN_DUE)
    assert program.lights(early) == (False, False)
    assert program.lights(program.play(saturday)) == (False, True)


def test_late_success_is_sick_too(program: ModuleType) -> None:
    machine = program.play(program.Night((program.LATE,)))
    [run] = machine.store.runs()
    assert run.state == "success"
    assert program.lights(machine) == (False, True)


def test_run_again_after_the_commit_changes_nothing(program: ModuleType) -> None:
    machine = program.play(program.NIGHTS["report lost"])
    before = machine.warehouse.query("select * from revenue")
    machine.clear("revenue", program.FRIDAY)
    machine.run_until_idle()
    assert [run.state for run in machine.store.runs()] == ["success"]
    after = machine.warehouse.query("select * from revenue")
    assert [tuple(row) for row in before] == [tuple(row) for row in after]


def test_each_night_has_its_owner(program: ModuleType, seen: dict) -> None:
    assert {name: program.OWNER[pair] for name, pair in seen.items()} == {
        "as usual": "nobody",
        "report lost": "pipeline, by day",
        "EUR/USD swapped": "data, now",
        "out of memory": "pipeline, now",
    }
