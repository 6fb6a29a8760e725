from datetime import datetime, timedelta
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from prefect.client.orchestration import get_client
from prefect.flow_engine import run_flow
from prefect.states import Scheduled


@pytest.mark.parametrize(("key", "charges"), [("uuid4()", (20, 40)), ("flow_run.id", (10, 20))])
def test_bug_is_real(program: ModuleType, key: str, charges: tuple[int, int]) -> None:
    charge_all = program.TASKS[key]
    assert tuple(program.charges_after(charge_all, runs) for runs in (1, 2)) == charges


def test_fix_holds(program: ModuleType) -> None:
    charge_all = program.TASKS["parameter"]
    assert [program.charges_after(charge_all, runs) for runs in (1, 2)] == [10, 10]


def test_the_run_is_green(program: ModuleType) -> None:
    state = program.billing_with(program.drawn, program.TUESDAY, return_state=True)
    assert state.name == "Completed"


def test_another_day_is_another_charge(program: ModuleType) -> None:
    charge_all = program.TASKS["parameter"]
    assert program.charges_after(charge_all, runs=1) == 10
    program.billing(program.TUESDAY + timedelta(days=1))
    assert len(program.charges) == 20


@pytest.mark.parametrize(("key", "charges"), [("uuid4()", 20), ("flow_run.id", 10)])
def test_a_retry_of_the_flow_keeps_its_id(program: ModuleType, key: str, charges: int) -> None:
    program.charges.clear()
    without_retry = program.TASKS[key].with_options(retries=0)
    billing = program.billing_with.with_options(retries=1)
    billing(without_retry, program.TUESDAY, return_state=True)
    assert len(program.charges) == charges


def test_without_a_day_the_flow_bills_the_one_it_was_scheduled_for(program: ModuleType) -> None:
    program.charges.clear()
    due = datetime(2026, 5, 12, 6, tzinfo=ZoneInfo("Europe/Berlin"))
    with get_client(sync_client=True) as client:
        for _ in range(2):
            run = client.create_flow_run(program.billing, state=Scheduled(scheduled_time=due))
            run_flow(program.billing, flow_run=run)
    assert program.charges == {f"renewal/sub-{n}/2026-05-12" for n in range(10)}


def test_a_retry_of_a_late_flow_keeps_the_time_of_its_schedule(program: ModuleType) -> None:
    due = datetime(2026, 5, 12, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    times = []

    @program.flow(retries=2)
    def dies_twice() -> None:
        times.append(program.flow_run.scheduled_start_time)
        if len(times) < 3:
            raise ConnectionResetError("connection reset by peer")

    with get_client(sync_client=True) as client:
        run = client.create_flow_run(dies_twice, state=Scheduled(scheduled_time=due))
    run_flow(dies_twice, flow_run=run)
    assert times == [due] * 3
    assert {str(time.date()) for time in times} == {"2026-05-11"}  # in UTC
