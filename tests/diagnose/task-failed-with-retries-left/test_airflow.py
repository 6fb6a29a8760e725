from collections.abc import Callable

import pytest
from airflow.api_fastapi.core_api.routes.public import dag_run, task_instances
from airflow.models.log import Log
from airflow.utils.state import TaskInstanceState

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler, record
from tests.diagnose.staging.airflow import change, fail_fast, fail_what_runs
from tests.diagnose.staging.page import StagedPage


@pytest.fixture
def scheduler(airflow: Installation) -> Scheduler:
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    return scheduler


def judged(ask: Callable, page: StagedPage) -> tuple[int, int, str | None]:
    number, allowed, _, event, *_ = row(ask, page)
    return number, allowed, event


def row(ask: Callable, page: StagedPage) -> tuple:
    (found,) = ask(page.code().replace("<run id>", "night"))
    return found


def test_all_were_used(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    for number in (1, 2):
        fail_what_runs(scheduler)
        change(airflow, f"task_instance set hostname = 'worker-{number}' where state = 'running'")
        for _ in range(2):
            scheduler.tick()
    assert row(ask, page) == (2, 1, False, None, "worker-2", "worker-1")


def test_it_never_began(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    for _ in range(3):
        airflow.later(minutes=11)
        scheduler.check_queued()
        scheduler.tick()
    assert judged(ask, page) == (1, 1, "stuck in queued tries exceeded")


def test_a_verdict_on_an_earlier_attempt_is_not_this_one_s(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    test_it_never_began(page, airflow, scheduler, ask)
    airflow.clear("nightly", "night")
    for _ in range(3):
        scheduler.tick()
    (key,) = scheduler.executor.running
    scheduler.executor.start_task(key)
    record(key, TaskInstanceState.FAILED)
    assert judged(ask, page) == (2, 2, None)


def test_the_code_decided(page: StagedPage, scheduler: Scheduler, ask: Callable) -> None:
    (key,) = scheduler.executor.running
    scheduler.executor.start_task(key)
    record(key, TaskInstanceState.FAILED)
    assert judged(ask, page) == (1, 1, None)


def test_another_task_failed(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    change(airflow, "dag set fail_fast = true where dag_id = 'nightly'")
    (key,) = scheduler.executor.running
    scheduler.executor.start_task(key)
    fail_fast(airflow, "notify")
    assert row(ask, page)[:4] == (1, 1, True, "fail task")


@pytest.mark.parametrize(
    ("endpoint", "task_id"),
    [
        (task_instances.patch_task_instance, "load_orders"),
        (task_instances.patch_task_group_instances, None),
        (dag_run.patch_dag_run, None),
    ],
)
def test_somebody_decided(
    page: StagedPage,
    airflow: Installation,
    scheduler: Scheduler,
    ask: Callable,
    endpoint: Callable,
    task_id: str | None,
) -> None:
    test_the_code_decided(page, scheduler, ask)
    with airflow.session() as session:  # as the API server logs an action
        for run_id in ("night", "night before"):
            event = endpoint.__name__
            session.add(Log(event, dag_id="nightly", run_id=run_id, task_id=task_id))
        session.add(Log("fail task", dag_id="nightly", run_id="night", task_id="notify"))
    assert judged(ask, page) == (1, 1, endpoint.__name__)


def test_there_were_none(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    change(airflow, "task_instance set max_tries = 0")
    fail_what_runs(scheduler)
    scheduler.tick()
    assert judged(ask, page)[:2][1] == 0


def test_it_runs_on(page: StagedPage, scheduler: Scheduler, ask: Callable) -> None:
    assert ask(page.code().replace("<run id>", "night")) == []
