from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from airflow.dag_processing.manager import DagFileProcessorManager
from airflow.jobs.dag_processor_job_runner import DagProcessorJobRunner
from airflow.jobs.job import Job
from airflow.sdk.execution_time import task_runner
from airflow.utils.state import TaskInstanceState
from structlog.testing import CapturingLogger

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler, TaskInstanceKey
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import called
from tests.diagnose.staging.page import COMPANY, StagedPage
from tests.diagnose.staging.servers import Worker, click

DAGS = "told_night_airflow.py"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the team looks: the file `told` in here."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def scheduler(airflow: Installation) -> Scheduler:
    """A scheduler that has sent the first tasks of a night to a worker."""
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    return scheduler


@pytest.fixture
def worker(airflow: Installation) -> Worker:
    return Worker(airflow)


def sent(scheduler: Scheduler, task_id: str = "load_orders") -> TaskInstanceKey:
    (key,) = [key for key in scheduler.executor.running if key.task_id == task_id]
    return key


def told(airflow: Installation) -> list[str]:
    return called(airflow, COMPANY / DAGS)


def events(page: StagedPage, api: dict[str, str], task_id: str = "load_orders") -> list[str]:
    """Return what the page's first command lists of a task."""
    code = page.code().replace("task_id=load_orders", f"task_id={task_id}")
    *lines, _ = shell.run(code, RUN_ID="night", **api).splitlines()
    return [line.split("\t")[1] for line in lines]


def test_its_own_process_tells(
    page: StagedPage,
    airflow: Installation,
    scheduler: Scheduler,
    worker: Worker,
    api: dict[str, str],
) -> None:
    page.says("The task's own process calls the callback.")
    worker.run(sent(scheduler), COMPANY / DAGS)
    assert events(page, api) == ["running", "failed"]
    assert told(airflow) == ["load_orders"]


def test_the_callback_raises(
    page: StagedPage,
    airflow: Installation,
    scheduler: Scheduler,
    worker: Worker,
    api: dict[str, str],
) -> None:
    page.says("If the callback raises, the log says `Failed to run task callback`")
    said, call = CapturingLogger(), task_runner._run_task_state_change_callbacks
    with patch.object(
        task_runner,
        "_run_task_state_change_callbacks",
        lambda task, kind, context, log: call(task, kind, context, said),
    ):
        worker.run(sent(scheduler, "send_invoices"), COMPANY / DAGS)
    assert [line.args for line in said.calls] == [("Failed to run task callback",)]
    assert events(page, api, "send_invoices") == ["running", "failed"]
    assert told(airflow) == []


def test_the_process_was_killed(
    page: StagedPage,
    airflow: Installation,
    scheduler: Scheduler,
    worker: Worker,
    api: dict[str, str],
) -> None:
    page.says("reports the failure and the executor a success, so nobody else calls either")
    key = sent(scheduler)
    worker.start(key)
    worker.fail(key)  # as the supervisor of a process that is gone
    scheduler.executor.change_state(key, TaskInstanceState.SUCCESS)
    scheduler.tick()
    assert events(page, api) == ["running", "failed"]
    assert told(airflow) == []


def test_the_dag_processor_tells(
    page: StagedPage,
    airflow: Installation,
    scheduler: Scheduler,
    api: dict[str, str],
    ask: Callable,
) -> None:
    page.says("The scheduler judged, and asks the Dag processor to call.")
    page.says("If that is down, the request waits")
    scheduler.executor.lose_task(sent(scheduler))
    scheduler.tick()
    assert events(page, api)[0] == "state mismatch"
    ((waiting, _),) = ask(page.code("check", 1))
    assert waiting == 1
    assert told(airflow) == ["load_orders"]
    ((waiting, oldest),) = ask(page.code("check", 1))
    assert (waiting, oldest) == (0, None)


def test_the_dag_processor_s_last_sign_of_life(
    page: StagedPage, airflow: Installation, api: dict[str, str]
) -> None:
    assert shell.run(page.code(), RUN_ID="night", **api) == "null\n"
    airflow.later(hours=-2)
    DagProcessorJobRunner(Job(), SimpleNamespace()).job.prepare_for_execution()
    airflow.later(hours=2)
    seen = datetime.fromisoformat(shell.run(page.code(), RUN_ID="night", **api).strip())
    assert datetime.now(UTC) - seen > timedelta(hours=1)


def test_a_request_is_taken_off_before_it_is_run(page: StagedPage, airflow: Installation) -> None:
    page.says("It takes a request off the list before it runs it")
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    scheduler.executor.lose_task(sent(scheduler))
    scheduler.tick()
    manager = DagFileProcessorManager(max_runs=1)
    manager._dag_bundles = [SimpleNamespace(name="dags-folder")]
    assert [request.ti.task_id for request in manager._fetch_callbacks_from_db()] == ["load_orders"]
    assert manager._fetch_callbacks_from_db() == []


def test_another_attempt_is_to_come(
    page: StagedPage,
    airflow: Installation,
    scheduler: Scheduler,
    worker: Worker,
    api: dict[str, str],
) -> None:
    page.says("**`up_for_retry`.** `on_failure_callback` is for the last attempt")
    worker.run(sent(scheduler, "load_rates"), COMPANY / DAGS)
    assert events(page, api, "load_rates") == ["running", "up_for_retry"]
    assert told(airflow) == []


def test_a_person_set_it(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, api: dict[str, str]
) -> None:
    page.says("Somebody set the task, or the whole run, to failed by hand, and that calls nothing.")
    task = "dags/nightly/dagRuns/night/taskInstances/load_orders"
    click("PATCH", task, new_state="failed")
    scheduler.tick()
    assert events(page, api) == ["patch_task_instance"]
    assert told(airflow) == []


def test_a_person_set_the_whole_run(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, worker: Worker, api: dict
) -> None:
    page.says("**`patch_task_instance`, or `patch_dag_run`.**")
    worker.start(sent(scheduler))
    click("PATCH", "dags/nightly/dagRuns/night", state="failed")
    scheduler.tick()
    state = "select state from task_instance where task_id = 'load_orders'"
    assert airflow.rows(state) == [("failed",)]
    assert events(page, api) == ["running", "patch_dag_run"]
    assert told(airflow) == []


def test_it_never_ran(
    page: StagedPage,
    airflow: Installation,
    scheduler: Scheduler,
    worker: Worker,
    api: dict[str, str],
) -> None:
    page.says("The task never ran, so it tells nobody.")
    worker.run(sent(scheduler), COMPANY / DAGS)
    for _ in range(2):
        scheduler.tick()
    state = "select state from task_instance where task_id = 'fct_revenue_daily'"
    assert airflow.rows(state) == [("upstream_failed",)]
    assert events(page, api, "fct_revenue_daily") == []
    assert told(airflow) == ["load_orders"]


def test_the_run_s_callback_waits_for_its_last_task(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, worker: Worker
) -> None:
    page.says("It is sent when the whole run has ended")
    worker.start(sent(scheduler, "send_invoices"))
    for task_id in ("load_orders", "load_rates"):
        worker.start(sent(scheduler, task_id))
        worker.fail(sent(scheduler, task_id))
    for _ in range(3):
        scheduler.tick()
    assert told(airflow) == []
    worker.succeed(sent(scheduler, "send_invoices"))
    scheduler.tick()
    assert told(airflow) == ["the run"]
