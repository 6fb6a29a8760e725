from types import ModuleType

import pytest

BY_CLOCK = {
    "ordinary": "EUR 1000.00",
    "slow": "EUR 600.00",
    "refused at first": "EUR 0.00",
    "refused all night": "EUR 0.00",
    "last one hangs": "EUR 2000.00",
}
BY_ARROWS = {
    "ordinary": ("EUR 1000.00", "success"),
    "slow": ("EUR 1000.00", "success"),
    "refused at first": ("EUR 1000.00", "success, try 2"),
    "refused all night": ("none", "failed, try 3"),
    "last one hangs": ("EUR 1000.00", "success"),
}


def test_the_nights_are_these(program: ModuleType) -> None:
    assert list(program.NIGHTS) == list(BY_CLOCK) == list(BY_ARROWS)


@pytest.mark.parametrize("night", BY_CLOCK)
def test_bug_is_real(program: ModuleType, night: str) -> None:
    shop = program.Shop(**program.NIGHTS[night])
    lines = ["load_orders", "stg_orders", "fct_revenue_daily"]
    assert program.cron(shop) == 2 * lines  # each line, each night, whatever happened
    assert program.figure(shop) == BY_CLOCK[night]


@pytest.mark.parametrize("night", BY_ARROWS)
def test_fix_holds(program: ModuleType, night: str) -> None:
    shop = program.Shop(**program.NIGHTS[night])
    machine = program.orchestrate(shop)
    assert (program.figure(shop), program.record_of(machine)) == BY_ARROWS[night]


def test_what_waits_for_a_load_that_failed_never_starts(program: ModuleType) -> None:
    machine = program.orchestrate(program.Shop(**program.NIGHTS["refused all night"]))
    states = {id: ti.state for id, ti in machine.store.tasks_of(machine.store.runs()[-1]).items()}
    waiting = ("stg_orders", "fct_revenue_daily")
    assert states == {"load_orders": "failed", **dict.fromkeys(waiting, "upstream_failed")}


def test_the_second_night_waits_for_the_first(program: ModuleType) -> None:
    machine = program.orchestrate(program.Shop(**program.NIGHTS["last one hangs"]))
    starts = [e for e in machine.store.events("started") if e.task_id == "load_orders"]
    first, second = (event.at for event in starts)
    assert second > program.at("03:22") > first  # at 03:12, one of them was at work
