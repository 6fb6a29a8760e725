from collections.abc import Callable

import pytest
from airflow.utils.state import TaskInstanceState
from conftest import Words
from stage_airflow import change, fail_what_runs

from tooling.airflow_ticks import Installation, Scheduler, record


@pytest.fixture
def scheduler(airflow: Installation) -> Scheduler:
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    return scheduler


def judged(ask: Callable, page: Words) -> tuple[int, int, str | None]:
    ((number, allowed, _, _, _, event, _),) = ask(page.code().replace("<run id>", "night"))
    return number, allowed, event


def test_all_were_used(page: Words, scheduler: Scheduler, ask: Callable) -> None:
    for _ in range(2):
        fail_what_runs(scheduler)
        for _ in range(2):
            scheduler.tick()
    assert judged(ask, page) == (2, 1, None)


def test_it_never_began(
    page: Words, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    for _ in range(3):
        airflow.later(minutes=11)
        scheduler.check_queued()
        scheduler.tick()
    assert judged(ask, page) == (1, 1, "stuck in queued tries exceeded")


def test_a_verdict_on_an_earlier_attempt_is_not_this_one_s(
    page: Words, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    test_it_never_began(page, airflow, scheduler, ask)
    airflow.clear("nightly", "night")
    for _ in range(3):
        scheduler.tick()
    (key,) = scheduler.executor.running
    scheduler.executor.start_task(key)
    record(key, TaskInstanceState.FAILED)
    assert judged(ask, page) == (2, 2, None)


def test_the_code_decided(page: Words, scheduler: Scheduler, ask: Callable) -> None:
    (key,) = scheduler.executor.running
    scheduler.executor.start_task(key)
    record(key, TaskInstanceState.FAILED)
    assert judged(ask, page) == (1, 1, None)


def test_there_were_none(
    page: Words, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    change(airflow, "task_instance set max_tries = 0")
    fail_what_runs(scheduler)
    scheduler.tick()
    assert judged(ask, page)[:2][1] == 0


def test_it_runs_on(page: Words, scheduler: Scheduler, ask: Callable) -> None:
    assert ask(page.code().replace("<run id>", "night")) == []
