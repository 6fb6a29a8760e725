from datetime import datetime
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from prefect.client.orchestration import get_client
from prefect.flow_engine import run_flow
from prefect.states import Scheduled


@pytest.mark.parametrize(("key", "charges"), [("uuid4()", (20, 40)), ("flow_run.id", (10, 20))])
def test_bug_is_real(program: ModuleType, key: str, charges: tuple[int, int]) -> None:
    unit = program.UNITS[key]
    assert tuple(program.charges_after(unit, runs) for runs in (1, 2)) == charges


def test_fix_holds(program: ModuleType) -> None:
    unit = program.UNITS["parameter"]
    assert [program.charges_after(unit, runs) for runs in (1, 2)] == [10, 10]


def test_the_run_is_green(program: ModuleType) -> None:
    state = program.billing(program.UNITS["uuid4()"], "2026-03-13", return_state=True)
    assert state.name == "Completed"


def test_another_day_is_another_charge(program: ModuleType) -> None:
    unit = program.UNITS["parameter"]
    assert program.charges_after(unit, runs=1) == 10
    program.billing(unit, "2026-03-14")
    assert len(program.charges) == 20


@pytest.mark.parametrize(("key", "charges"), [("uuid4()", 20), ("flow_run.id", 10)])
def test_a_retry_of_the_flow_keeps_its_id(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch, key: str, charges: int
) -> None:
    program.charges.clear()
    without_retry = program.charge_renewals.with_options(retries=0)
    monkeypatch.setattr(program, "charge_renewals", without_retry)
    billing = program.billing.with_options(retries=1)
    billing(program.UNITS[key], "2026-03-13", return_state=True)
    assert len(program.charges) == charges


def test_a_retry_of_a_late_flow_keeps_the_time_of_its_schedule(program: ModuleType) -> None:
    due = datetime(2026, 3, 13, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))
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
    assert {str(time.date()) for time in times} == {"2026-03-12"}  # in UTC
