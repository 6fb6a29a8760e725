from datetime import UTC, datetime, timedelta
from types import ModuleType
from uuid import UUID

import pytest
from prefect.events import Event, EventTrigger, emit_event
from prefect.server.database.orm_models import ArtifactCollection
from prefect.server.events.schemas.lifecycle import artifact_collection_updated_event


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


def test_right_orders_and_a_wrong_figure_do_not_agree(program: ModuleType) -> None:
    night = program.NIGHT | {"eur": 100, "report_lost": False}
    program.NIGHT.update(night)
    assert program.revenue(program.THURSDAY, return_state=True).is_completed()
    assert program.revenue_is_right(program.THURSDAY, return_state=True).is_completed()
    with program.open_warehouse() as warehouse:
        warehouse.execute("drop view fct_revenue_daily")
        warehouse.execute("create view fct_revenue_daily as select '2026-01-22' day, 500 eur")
    assert program.revenue_is_right(program.THURSDAY, return_state=True).is_failed()


def test_check_asks_for_the_day_before_it_was_scheduled(program: ModuleType) -> None:
    due = datetime.now(UTC).date() - timedelta(days=1)
    program.prepare(due, orders=0, eur=0)
    assert program.revenue_is_right(return_state=True).is_completed()
    program.prepare(due - timedelta(days=1), orders=0, eur=0)
    assert program.revenue_is_right(return_state=True).is_failed()


def test_event_of_an_artifact_does_not_say_whether_it_is_bad() -> None:
    good, bad = (event_of("EUR 398,688"), event_of("EUR 434,569.92"))
    assert good.event == bad.event == "prefect.artifact-collection.updated"
    assert (good.resource, good.related) == (bad.resource, bad.related)
    assert "payload" not in EventTrigger.model_fields


def event_of(figure: str) -> Event:
    collection = ArtifactCollection(
        id=UUID(int=1), latest_id=UUID(int=2), key="revenue", type="markdown", data=figure
    )
    return artifact_collection_updated_event(collection, datetime(2026, 1, 23, 6, tzinfo=UTC))


def test_check_can_emit_what_an_automation_waits_for() -> None:
    resource = {"prefect.resource.id": "table.fct_revenue_daily"}
    emitted = emit_event("revenue.wrong", resource)
    waits = EventTrigger(expect={"revenue.wrong"}, posture="Reactive", threshold=1)
    assert emitted.event in waits.expect


def test_each_light_has_a_deployment_and_an_hour(program: ModuleType) -> None:
    made = program.deployments()
    assert {one.flow_name: one.schedules[0].schedule.cron for one in made} == {
        "revenue": "12 3 * * *",
        "revenue-is-right": "0 6 * * *",
    }
