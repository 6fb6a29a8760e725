from datetime import date
from pathlib import Path
from types import ModuleType
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client

from testbed.supervisor import wait_for


@pytest.mark.parametrize(
    ("night", "figure"),
    [("files moved", "EUR 0.00"), ("half lost", "EUR 500.00"), ("old file", "EUR 0.00")],
)
def test_bug_is_real(program: ModuleType, night: str, figure: str) -> None:
    ended = program.run_night(program.as_written, night)
    assert ended == ("COMPLETED", "Completed", figure)


@pytest.mark.parametrize(
    ("night", "reason"),
    [
        ("files moved", "0 in the table, None declared"),
        ("half lost", "5 in the table, 10 declared"),
        ("old file", "0 in the table, 10 declared"),
    ],
)
def test_fix_holds(program: ModuleType, night: str, reason: str) -> None:
    assert program.run_night(program.asserted, night) == ("FAILED", "Failed", reason)


def test_nothing_is_published_after_the_failure(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    published: list[date] = []
    monkeypatch.setattr(program, "publish_revenue", lambda day: published.append(day) or "")
    program.run_night(program.asserted, "files moved")
    assert published == []
    program.run_night(program.as_written, "files moved")
    assert published == [date(2026, 3, 13)]


def test_failed_check_leaves_the_rows_of_the_load(program: ModuleType) -> None:
    """The check comes after the commit: a reader of the table sees the half."""
    program.run_night(program.asserted, "half lost")
    count = "select count(*) from raw.orders where date(event_time) = '2026-03-13'"
    assert program.open_warehouse().execute(count).fetchone() == (5,)


def test_declared_empty_day_publishes_its_zero(program: ModuleType) -> None:
    ended = program.run_night(program.asserted, "bank holiday")
    assert ended == ("COMPLETED", "Completed", "EUR 0.00")


def test_skip_is_a_name_and_the_type_is_still_completed(program: ModuleType) -> None:
    type_, name, _ = program.run_night(program.asserted, "Sunday")
    assert (type_, name) == ("COMPLETED", "Skipped")


def test_event_is_called_after_the_name(program: ModuleType) -> None:
    skipped = program.asserted(date(2026, 3, 15), return_state=True)
    ended = last_event(skipped.state_details.flow_run_id)
    assert ended["event"] == "prefect.flow-run.Skipped"
    assert ended["resource"]["prefect.state-type"] == "COMPLETED"


def last_event(flow_run: UUID) -> dict:
    """Wait for what the server tells of the run's end; it writes events a few seconds late."""
    about = {"resource": {"id": [f"prefect.flow-run.{flow_run}"]}}
    with get_client(sync_client=True) as client:

        def ends() -> list[dict]:
            found = client.request("POST", "/events/filter", json={"filter": about}).json()
            types = {"COMPLETED", "FAILED"}
            return [e for e in found["events"] if e["resource"].get("prefect.state-type") in types]

        return wait_for("the event of the run's end", ends, Path.home())[0]


def test_good_night_is_unchanged(program: ModuleType) -> None:
    for pipeline in (program.as_written, program.asserted):
        ended = program.run_night(pipeline, "10 orders")
        assert ended == ("COMPLETED", "Completed", "EUR 1000.00")


def test_check_that_is_submitted_and_not_asked_holds_nothing(program: ModuleType) -> None:
    """Why the flow calls it, and does not submit it."""

    @program.flow
    def submitted(day: date) -> str:
        program.load_orders()
        program.check_declared.submit(day)
        return program.publish_revenue(day)

    ended = program.run_night(submitted, "files moved")
    assert ended == ("COMPLETED", "Completed", "EUR 0.00")
