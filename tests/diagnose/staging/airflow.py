"""Moments of a night in Airflow, as its scheduler and its workers leave them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from unittest.mock import patch

import structlog
from airflow.dag_processing.dagbag import BundleDagBag, DagBag, sync_bag_to_db
from airflow.dag_processing.processor import _execute_callbacks
from airflow.models import TaskInstance
from airflow.models.callback import DagProcessorCallback
from airflow.sdk.log import init_log_file, logging_processors
from airflow.utils.log.file_task_handler import FileTaskHandler
from airflow.utils.session import create_session
from airflow.utils.state import TaskInstanceState
from sqlalchemy import select, text

from testbed.airflow.bundles import Bundle, Repository, released
from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler, TaskInstanceKey, state_of
from tests.diagnose.staging.page import COMPANY
from tests.diagnose.staging.servers import Worker

FIRST = datetime(2026, 3, 11, 3, tzinfo=UTC)  # of the three nights in every_night_airflow.py
LAST = datetime(2026, 3, 13, 3, tzinfo=UTC)

BUNDLE = "dags-folder"
LINE = '"""Load the orders."""'
MOVES = """select 'run', coalesce(state, ''), count(*), 0 from dag_run group by 2
           union select 'try', coalesce(state, ''), count(*), sum(try_number)
           from task_instance group by 2"""


def fail_what_runs(scheduler: Scheduler) -> None:
    """Begin what was sent, and lose its workers."""
    for key in sorted(scheduler.executor.running):
        scheduler.executor.start_task(key)
        scheduler.executor.lose_task(key)


def work(scheduler: Scheduler, lost: Callable[[TaskInstanceKey], bool], ticks: int = 8) -> None:
    """Let nights go on; a task of which this says so loses its worker, the others succeed."""
    for _ in turns(scheduler, ticks):
        for key in sorted(filter(lost, scheduler.executor.running)):
            scheduler.executor.start_task(key)
            scheduler.executor.lose_task(key)
        scheduler.executor.run_tasks(lambda key: None)


def finish(
    scheduler: Scheduler,
    ticks: int = 8,
    task: Callable[[TaskInstanceKey], object] = lambda key: None,
) -> None:
    """Let the night go on to its end, with nothing in the way."""
    for _ in turns(scheduler, ticks):
        scheduler.executor.run_tasks(task)


def turns(scheduler: Scheduler, most: int) -> Iterator[None]:
    """Tick at most so often; once two turns have moved no run and no task, no other will."""
    seen: list[list[tuple]] = []
    for _ in range(most):
        scheduler.tick()
        yield
        with create_session(scoped=False) as session:
            seen.append(sorted(map(tuple, session.execute(text(MOVES)))))
        if seen[-1:] * 3 == seen[-3:]:
            return


def write_log(
    airflow: Installation, base: str, task_id: str, fresh: bool = False
) -> structlog.typing.BindableLogger:
    """Open the log of a task's attempt as its worker does: where it lies, and how it is written."""
    with airflow.session() as session:
        task = session.scalars(select(TaskInstance).where(TaskInstance.task_id == task_id)).one()
        name = FileTaskHandler(base)._render_filename(task, 1, session=session)
    file = init_log_file(f"{base}/{name}").open("wb" if fresh else "ab", buffering=0)
    return structlog.wrap_logger(
        structlog.BytesLogger(file),
        processors=logging_processors(json_output=True),
        wrapper_class=structlog.make_filtering_bound_logger("info"),  # the sandbox is quiet
    )


def fall_silent(airflow: Installation, scheduler: Scheduler) -> None:
    """Begin what was sent, lose its heartbeats, and have the scheduler look for them."""
    for key in sorted(scheduler.executor.running):
        if state_of(key) == TaskInstanceState.QUEUED:
            Worker(airflow).start(key)
    airflow.later(minutes=10)
    scheduler.runner._find_and_purge_task_instances_without_heartbeats()
    scheduler.tick()


@contextmanager
def reported_late(scheduler: Scheduler, key: TaskInstanceKey) -> Iterator[None]:
    """Have the executor read the end of a leg when it has sent the next one: it sends, then reads.

    So do Airflow's own executors, in one heartbeat.
    """
    report = partial(scheduler.executor.change_state, key, TaskInstanceState.SUCCESS)
    with patch.object(scheduler.executor, "sync", report):
        yield


def change(airflow: Installation, what: str) -> None:
    """Change a table as hours that nobody waits for would have."""
    airflow.rows(f"update {what} returning 1")


def parse(file: Path) -> None:
    """Do what the Dag processor does with one file of the bundle."""
    bag = BundleDagBag(file, bundle_path=file.parent, bundle_name=BUNDLE)
    sync_bag_to_db(bag, BUNDLE, None)


def git(folder: Path) -> Bundle:
    """Fetch a branch, and for each run the commit that it was created with."""
    provider = "airflow.providers.git.bundles.git.GitDagBundle"
    return {"classpath": provider, "kwargs": {"repo_url": str(folder), "tracking_ref": "main"}}


@contextmanager
def code_changed() -> Iterator[tuple[Installation, Repository, Scheduler]]:
    """Run a night, change a line inside of a task, and run the next."""
    source = (COMPANY / "every_night_airflow.py").read_text()
    with released(git, source) as (airflow, repository):
        scheduler = airflow.scheduler()
        airflow.create_run("nightly", None, "first")
        finish(scheduler, 20)
        repository.release(source.replace(LINE, f"{LINE}\n        print('gross')"))
        airflow.parse()
        airflow.create_run("nightly", None, "second")
        finish(scheduler, 20)
        yield airflow, repository, scheduler


def called(airflow: Installation, file: Path) -> list[str]:
    """Run the callbacks that wait for the Dag processor, as it does; return what the team is told.

    file: the Dags, whose callbacks write to the file `told`.
    """
    with airflow.session() as session:
        waiting = list(session.scalars(select(DagProcessorCallback).order_by("created_at")))
        requests = [callback.get_callback_request() for callback in waiting]
        for callback in waiting:
            session.delete(callback)
    bag = DagBag(file, bundle_path=file.parent)
    for request in requests:
        _execute_callbacks(bag, [request], structlog.get_logger())
    return Path("told").read_text().split("\n")[:-1] if Path("told").exists() else []
