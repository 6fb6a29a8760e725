from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from airflow.models import DagModel

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import BUNDLE, change, finish
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import click

DAY = datetime(2026, 3, 13, 3, tzinfo=UTC)


@pytest.fixture
def row(page: StagedPage, ask: Callable) -> Callable[[], dict[str, object]]:
    """The page's only row, for the Dag that has a schedule here."""
    names = ("is_paused", "is_stale", "schedule", "next_run", "clock", "is_overdue")
    names += ("queued", "running", "max_active_runs")
    code = page.code().replace("'nightly'", "'nightly_at_three'")
    return lambda: dict(zip(names, ask(code)[0], strict=True))


@pytest.fixture
def unpaused(airflow: Installation) -> Installation:
    click("PATCH", "dags/nightly_at_three", is_paused=False)
    return airflow


def test_it_is_paused(airflow: Installation, row: Callable) -> None:
    assert row()["is_paused"]
    assert row()["is_overdue"]


def test_the_scheduler_does_not_get_to_it(unpaused: Installation, row: Callable) -> None:
    found = row()
    assert (found["is_paused"], found["is_overdue"]) == (False, True)
    assert (found["queued"], found["running"]) == (0, 0)


def test_the_scheduler_has_got_to_it(unpaused: Installation, row: Callable) -> None:
    unpaused.scheduler().tick()
    assert row()["is_overdue"] is False
    assert row()["running"] == 1


def test_the_run_was_made_and_waits(
    page: StagedPage, unpaused: Installation, row: Callable
) -> None:
    page.says("**Not overdue, and `queued` above 0.** The run was made and waits to start")
    scheduler = unpaused.scheduler()
    finish(scheduler)
    ((run_id,),) = unpaused.rows("select run_id from dag_run")
    unpaused.clear("nightly_at_three", run_id)
    found = row()
    assert (found["is_overdue"], found["queued"], found["running"]) == (False, 1, 0)


def test_its_file_is_gone(unpaused: Installation, row: Callable) -> None:
    assert row()["is_stale"] is False
    DagModel.deactivate_deleted_dags(BUNDLE, [])  # as the Dag processor does at each refresh
    assert row()["is_stale"] is True


def test_another_name_has_no_row(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    assert ask(page.code().replace("'nightly'", "'nightlyy'")) == []


def test_an_earlier_run_is_in_the_way(
    page: StagedPage, unpaused: Installation, row: Callable
) -> None:
    page.says("Earlier runs are still under way. The new one is made when one ends.")
    scheduler = unpaused.scheduler()
    scheduler.tick()
    # The page asks the database's clock, which a test cannot set: so the next run is due by hand.
    change(unpaused, "dag set next_dagrun_create_after = now() - interval '1 hour'")
    scheduler.tick()
    found = row()
    assert found["is_overdue"]
    assert found["running"] == found["max_active_runs"] == 1


def test_a_backfill_is_not_in_the_way(
    page: StagedPage, unpaused: Installation, row: Callable
) -> None:
    page.says("A backfill's runs do not count.")
    unpaused.backfill("nightly_at_three", DAY, DAY, "none")
    unpaused.scheduler().tick()
    assert unpaused.states("dag_run") == {"running": 2}
    found = row()
    assert (found["queued"], found["running"]) == (0, 1)


def test_no_schedule_no_next_run(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    ((_, _, _, next_run, *_),) = ask(page.code())
    assert next_run is None
