from collections.abc import Callable

import pytest
from airflow.utils.state import TaskInstanceState

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler, record
from tests.diagnose.staging.airflow import change, fail_fast, fail_what_runs, fall_silent
from tests.diagnose.staging.page import StagedPage


@pytest.fixture
def scheduler(airflow: Installation) -> Scheduler:
    """A scheduler that has sent the load to a worker, in the last of its attempts."""
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    airflow.rows("update task_instance set max_tries = 0 returning 1")
    return scheduler


def told(ask: Callable, page: StagedPage) -> list[tuple]:
    rows = ask(page.code().replace("<run id>", "night"))
    return [(state, host, event) for _, state, host, _, _, _, event, _ in rows]


def begin(airflow: Installation, scheduler: Scheduler) -> None:
    """Start what was sent, on a machine."""
    for key in scheduler.executor.running:
        scheduler.executor.start_task(key)
    change(airflow, "task_instance set hostname = 'worker-3' where state = 'running'")


def test_no_worker_took_it(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    for _ in range(3):
        airflow.later(minutes=11)
        scheduler.check_queued()
        scheduler.tick()
    assert told(ask, page) == [("failed", "", "stuck in queued tries exceeded")]


def test_the_worker_died_before_it_began(
    page: StagedPage, scheduler: Scheduler, ask: Callable
) -> None:
    (key,) = scheduler.executor.running
    scheduler.executor.lose_task(key)
    scheduler.tick()
    rows = ask(page.code().replace("<run id>", "night"))
    assert rows[0][-2] == "state mismatch"
    assert "attribute is queued" in rows[0][-1]


def test_the_worker_died_on_the_way(page: StagedPage, scheduler: Scheduler, ask: Callable) -> None:
    fail_what_runs(scheduler)
    scheduler.tick()
    rows = ask(page.code().replace("<run id>", "night"))
    assert rows[0][-2] == "state mismatch"
    assert "attribute is running" in rows[0][-1]


def test_it_fell_silent(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    begin(airflow, scheduler)
    fall_silent(airflow, scheduler)
    assert ("failed", "worker-3", "heartbeat timeout") in told(ask, page)


def test_another_task_of_a_fail_fast_dag_failed(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    begin(airflow, scheduler)
    fail_fast(airflow, "notify")
    assert told(ask, page) == [("failed", "worker-3", "fail task")]


def test_the_host_is_the_last_attempt_s_until_the_next_begins(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    queue_the_second(airflow, scheduler)
    ((number, state, host, queued, started, *_),) = ask(page.code().replace("<run id>", "night"))
    assert (number, state, host) == (2, "queued", "worker-3")
    assert started < queued


def test_the_verdict_on_an_earlier_attempt_is_not_this_one_s(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    queue_the_second(airflow, scheduler)
    fail(airflow, scheduler)
    assert told(ask, page) == [("failed", "worker-3", None)]


def queue_the_second(airflow: Installation, scheduler: Scheduler) -> None:
    """Lose the worker of the first attempt, and have the scheduler queue another."""
    change(airflow, "task_instance set max_tries = 1 where task_id = 'load_orders'")
    begin(airflow, scheduler)
    (key,) = scheduler.executor.running
    scheduler.executor.lose_task(key)
    scheduler.tick()
    airflow.later(minutes=6)
    scheduler.tick()


def fail(airflow: Installation, scheduler: Scheduler) -> None:
    """Begin an attempt, and have its own code fail."""
    begin(airflow, scheduler)
    (key,) = scheduler.executor.running
    record(key, TaskInstanceState.FAILED)
    scheduler.tick()


def test_it_failed_by_itself(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    fail(airflow, scheduler)
    assert told(ask, page) == [("failed", "worker-3", None)]
