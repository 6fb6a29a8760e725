from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import jwt
import pytest

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Executor, Scheduler
from tests.diagnose.staging.page import StagedPage

AN_HOUR = timedelta(hours=1)


@pytest.fixture
def waiting(airflow: Installation) -> Scheduler:
    """A scheduler that has queued a task two hours ago."""
    airflow.later(hours=-2)
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    airflow.later(hours=2)
    return scheduler


def test_nobody_takes_it(page: StagedPage, waiting: Scheduler, ask: Callable) -> None:
    page.says("**Some wait, none run there.** No worker serves that queue or pool")
    for _ in range(2):  # it writes the time of the one before
        waiting.job.heartbeat(lambda session: None)
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
    ((*_, beat),) = ask(page.code())
    assert beat > AN_HOUR


def test_the_dead_scheduler_of_what_runs_is_not_meant(
    page: StagedPage, airflow: Installation, waiting: Scheduler, ask: Callable
) -> None:
    for key in waiting.executor.sent:
        waiting.executor.start_task(key)
    airflow.create_run("load_regions", None, "night")
    airflow.scheduler().tick()
    ((_, queued, running, _, beat),) = ask(page.code())
    assert (queued, running) == (2, 1)
    assert beat < AN_HOUR


def test_all_is_well(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    assert ask(page.code()) == []


def test_a_task_s_token_is_good_until_it_is_sent_again(
    page: StagedPage, airflow: Installation
) -> None:
    page.says("In 3.3.2 it is good for `task_queued_timeout` (600 s)")
    workloads = []
    with patch.object(
        Executor, "queue_workload", lambda self, work, session: workloads.append(work)
    ):
        airflow.create_run("nightly", None, "night")
        airflow.scheduler().tick()
    claims = jwt.decode(workloads[0].token, options={"verify_signature": False})
    assert (claims["scope"], claims["exp"] - claims["iat"]) == ("workload", 600)
