from collections.abc import Callable

import pytest
from airflow.models import TaskInstance
from airflow.models.taskinstance import clear_task_instances
from airflow.utils.state import TaskInstanceState
from sqlalchemy import select

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler, record
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import change, fail_what_runs, finish
from tests.diagnose.staging.page import StagedPage


@pytest.fixture
def scheduler(airflow: Installation) -> Scheduler:
    """A night whose load has failed for good."""
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    for _ in range(2):
        scheduler.tick()
        fail_what_runs(scheduler)
        scheduler.tick()
    finish(scheduler)
    return scheduler


@pytest.fixture
def states(
    page: StagedPage, airflow: Installation, ask: Callable, api: dict[str, str]
) -> Callable[[], dict[str, tuple[str, bool]]]:
    """Ask as the page does: for each other task its state, and whether it ended later."""

    def read() -> dict[str, tuple[str, bool]]:
        rows = ask(page.code("check", 1).replace("<run id>", "night"))
        assert len(rows) == len({task for task, *_ in rows})
        found = {task: (state, later) for task, _, state, _, later in rows}
        lines = shell.run(page.code(), RUN_ID="night", **api).splitlines()
        in_order = [line.split("\t") for line in lines]
        at = [task for task, *_ in in_order].index("fct_revenue_daily")
        asked = {task: (state, number > at) for number, (task, _, state, *_) in enumerate(in_order)}
        assert {task: asked[task] for task in found} == found
        return found

    return read


def test_further_up_one_failed(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, states: Callable
) -> None:
    page.says("**Further up something is `failed`.** `upstream_failed` hands itself down")
    airflow.create_run("nightly", None, "another")
    found = states()
    assert found["load_orders"] == ("failed", False)
    assert found["stg_orders"] == ("upstream_failed", False)


def test_the_verdict_stands_after_a_repair(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, states: Callable
) -> None:
    page.says("**An upstream is green, and ended later.** It was cleared and went well")
    with airflow.session() as session:
        load = select(TaskInstance).where(TaskInstance.task_id == "load_orders")
        clear_task_instances(list(session.scalars(load)), session)
    # A worker sends the times of its own attempt.
    change(airflow, "task_instance set end_date = null where state is null")
    finish(scheduler)
    found = states()
    assert found["load_orders"] == ("success", True)
    assert list(found)[-1] == "load_orders"
    verdict = "select state from task_instance where task_id = 'fct_revenue_daily'"
    assert airflow.rows(verdict) == [("upstream_failed",)]


def test_skipping_is_handed_down(page: StagedPage, airflow: Installation, states: Callable) -> None:
    page.says("With `all_success`, the default, one skipped parent skips the child")
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    (key,) = scheduler.executor.running
    record(key, TaskInstanceState.SKIPPED)
    scheduler.executor.change_state(key, TaskInstanceState.SUCCESS)
    finish(scheduler)
    assert states()["stg_orders"][0] == "skipped"
