from collections.abc import Callable

import pytest
from airflow.models import TaskInstance
from airflow.models.log import Log
from airflow.models.taskinstance import clear_task_instances
from sqlalchemy import select

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler, TaskInstanceKey
from tests.diagnose.staging.airflow import fail_what_runs, fall_silent, finish
from tests.diagnose.staging.page import StagedPage


@pytest.fixture
def scheduler(airflow: Installation) -> Scheduler:
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    return scheduler


def attempts(ask: Callable, page: StagedPage) -> list[tuple]:
    return [(run, number, state, why) for run, number, state, *_, why in ask(page.code())]


def test_the_first_was_taken_for_dead(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    fall_silent(airflow, scheduler)
    finish(scheduler)
    assert attempts(ask, page) == [
        ("night", 2, "success", None),
        ("night", 1, "failed", "heartbeat timeout"),
    ]


def test_the_executor_reported_its_end(
    page: StagedPage, scheduler: Scheduler, ask: Callable
) -> None:
    fail_what_runs(scheduler)
    finish(scheduler)
    assert attempts(ask, page) == [
        ("night", 2, "success", None),
        ("night", 1, "failed", "state mismatch"),
    ]


def test_another_scheduler_reset_it(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    for key in scheduler.executor.running:
        scheduler.executor.start_task(key)
    airflow.later(seconds=40)
    another = airflow.scheduler()
    assert another.start() == 1
    finish(another)
    assert attempts(ask, page) == [
        ("night", 2, "success", None),
        ("night", 1, "failed", None),
    ]


def test_somebody_cleared_it(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    finish(scheduler)
    with airflow.session() as session:
        clear_task_instances(list(session.scalars(select(TaskInstance))), session)
        session.add(Log("state mismatch", TaskInstanceKey("nightly", "notify", "night", 1)))
    finish(scheduler)
    assert attempts(ask, page) == [
        ("night", 2, "success", None),
        ("night", 1, "success", None),
    ]


def test_there_were_two_runs(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    airflow.create_run("nightly", None, "by_hand")
    finish(scheduler)
    found = attempts(ask, page)
    assert {run for run, *_ in found} == {"night", "by_hand"}
    assert {why for *_, why in found} == {None}
