from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest


@pytest.fixture(autouse=True)
def warehouse(program: ModuleType) -> None:
    program.prepare()


def test_bug_is_real(program: ModuleType) -> None:
    nights = {}
    for night in program.NIGHTS:
        state = program.run_in_one(night)
        nights[night] = (state, in_the_table(program) == (10, 1000))
    assert nights == {"report lost": ("FAILED", True), "swapped": ("FAILED", False)}


def in_the_table(program: ModuleType) -> tuple[int, int]:
    return program.open_warehouse().execute("select count(*), sum(eur) from orders").fetchone()


def test_fix_holds(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    assert program.run_apart(lost) == ("FAILED", "COMPLETED")
    assert program.run_apart(swapped) == ("COMPLETED", "FAILED")


def test_bank_holiday_passes_and_a_missing_ledger_does_not(program: ModuleType) -> None:
    program.prepare(orders=0, eur=0)
    assert program.revenue_is_right(program.THURSDAY, return_state=True).is_completed()
    with program.open_warehouse() as warehouse:
        warehouse.execute("delete from ledger")
    assert program.revenue_is_right(program.THURSDAY, return_state=True).is_failed()


def test_check_asks_for_the_day_before_it_was_scheduled(program: ModuleType) -> None:
    due = datetime.now(UTC).date() - timedelta(days=1)
    program.prepare(due, orders=0, eur=0)
    assert program.revenue_is_right(return_state=True).is_completed()
    program.prepare(due - timedelta(days=1), orders=0, eur=0)
    assert program.revenue_is_right(return_state=True).is_failed()


def test_each_light_has_a_deployment_and_an_hour(program: ModuleType) -> None:
    made = program.deployments()
    assert {one.flow_name: one.schedules[0].schedule.cron for one in made} == {
        "revenue": "12 3 * * *",
        "revenue-is-right": "0 6 * * *",
    }
