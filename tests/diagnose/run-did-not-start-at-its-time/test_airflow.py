from collections.abc import Callable

import pytest

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import change
from tests.diagnose.staging.page import StagedPage

DAG = "dag_id = 'nightly_at_three'"
OVERDUE = f"dag set next_dagrun_create_after = now() - interval '1 hour' where {DAG}"


@pytest.fixture
def row(page: StagedPage, ask: Callable) -> Callable[[], dict[str, object]]:
    """The page's only row, for the Dag that has a schedule here."""
    names = ("is_paused", "is_stale", "schedule", "next_run", "clock", "is_overdue")
    names += ("queued", "running", "max_active_runs")
    code = page.code().replace("'nightly'", "'nightly_at_three'")
    return lambda: dict(zip(names, ask(code)[0], strict=True))


@pytest.fixture
def unpaused(airflow: Installation) -> Installation:
    change(airflow, f"dag set is_paused = false where {DAG}")
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


def test_the_run_was_made_and_waits(unpaused: Installation, row: Callable) -> None:
    unpaused.scheduler().tick()
    change(unpaused, f"dag_run set state = 'queued' where {DAG}")
    found = row()
    assert (found["is_overdue"], found["queued"], found["running"]) == (False, 1, 0)


def test_its_file_is_gone(unpaused: Installation, row: Callable) -> None:
    assert row()["is_stale"] is False
    change(unpaused, f"dag set is_stale = true where {DAG}")
    assert row()["is_stale"] is True


def test_another_name_has_no_row(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    assert ask(page.code().replace("'nightly'", "'nightlyy'")) == []


def test_an_earlier_run_is_in_the_way(unpaused: Installation, row: Callable) -> None:
    scheduler = unpaused.scheduler()
    scheduler.tick()
    change(unpaused, OVERDUE)
    scheduler.tick()
    found = row()
    assert found["is_overdue"]
    assert found["running"] == found["max_active_runs"] == 1


def test_a_backfill_is_not_in_the_way(unpaused: Installation, row: Callable) -> None:
    scheduler = unpaused.scheduler()
    scheduler.tick()
    change(unpaused, f"dag_run set run_type = 'backfill' where {DAG}")
    found = row()
    assert (found["queued"], found["running"]) == (0, 0)


def test_no_schedule_no_next_run(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    ((_, _, _, next_run, *_),) = ask(page.code())
    assert next_run is None
