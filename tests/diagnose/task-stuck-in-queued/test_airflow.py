from collections.abc import Callable
from datetime import timedelta

import pytest

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler
from tests.diagnose.staging.airflow import change
from tests.diagnose.staging.page import StagedPage

AN_HOUR = timedelta(hours=1)


@pytest.fixture
def waiting(airflow: Installation) -> Scheduler:
    """A task that was queued two hours ago."""
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    change(airflow, "task_instance set queued_dttm = now() - interval '2 hours'")
    return scheduler


def test_nobody_takes_it(page: StagedPage, waiting: Scheduler, ask: Callable) -> None:
    ((_, queued, running, longest, beat),) = ask(page.code())
    assert (queued, running) == (1, 0)
    assert longest > AN_HOUR > beat


def test_the_workers_are_full(
    page: StagedPage, airflow: Installation, waiting: Scheduler, ask: Callable
) -> None:
    for key in waiting.executor.sent:
        waiting.executor.start_task(key)
    airflow.create_run("load_regions", None, "night")
    waiting.tick()
    ((_, queued, running, longest, _),) = ask(page.code())
    assert (queued, running) == (2, 1)
    assert longest < AN_HOUR


def test_its_scheduler_is_dead(
    page: StagedPage, airflow: Installation, waiting: Scheduler, ask: Callable
) -> None:
    change(airflow, "job set latest_heartbeat = now() - interval '2 hours'")
    ((*_, beat),) = ask(page.code())
    assert beat > AN_HOUR


def test_the_dead_scheduler_of_what_runs_is_not_meant(
    page: StagedPage, airflow: Installation, waiting: Scheduler, ask: Callable
) -> None:
    for key in waiting.executor.sent:
        waiting.executor.start_task(key)
    change(airflow, "job set latest_heartbeat = now() - interval '2 hours'")
    airflow.create_run("load_regions", None, "night")
    airflow.scheduler().tick()
    ((_, queued, running, _, beat),) = ask(page.code())
    assert (queued, running) == (2, 1)
    assert beat < AN_HOUR


def test_all_is_well(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    assert ask(page.code()) == []
