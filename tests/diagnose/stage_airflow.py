"""Moments of a night in Airflow, as its scheduler and its workers leave them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from airflow.models import TaskInstance
from airflow.models.dag_version import DagVersion
from airflow.sdk.log import init_log_file, logging_processors
from airflow.utils.log.file_task_handler import FileTaskHandler
from sqlalchemy import select

from tooling.airflow_ticks import Installation, Scheduler, TaskInstanceKey

FIRST = datetime(2026, 3, 11, 3, tzinfo=UTC)  # of the three nights in every_night_airflow.py
LAST = datetime(2026, 3, 13, 3, tzinfo=UTC)


def fail_what_runs(scheduler: Scheduler) -> None:
    """Begin what was sent, and lose its workers."""
    for key in sorted(scheduler.executor.running):
        scheduler.executor.start_task(key)
        scheduler.executor.lose_task(key)


def work(scheduler: Scheduler, lost: Callable[[TaskInstanceKey], bool], ticks: int = 8) -> None:
    """Let nights go on; a task of which this says so loses its worker, the others succeed."""
    for _ in range(ticks):
        scheduler.tick()
        for key in sorted(filter(lost, scheduler.executor.running)):
            scheduler.executor.start_task(key)
            scheduler.executor.lose_task(key)
        scheduler.executor.run_tasks(lambda key: None)


def finish(scheduler: Scheduler, ticks: int = 8) -> None:
    """Let the night go on to its end, with nothing in the way."""
    for _ in range(ticks):
        scheduler.tick()
        scheduler.executor.run_tasks(lambda key: None)


def write_log(airflow: Installation, base: str, task_id: str) -> structlog.typing.BindableLogger:
    """Open the log of a task's attempt as its worker does: where it lies, and how it is written."""
    with airflow.session() as session:
        task = session.scalars(select(TaskInstance).where(TaskInstance.task_id == task_id)).one()
        name = FileTaskHandler(base)._render_filename(task, 1, session=session)
    file = init_log_file(f"{base}/{name}").open("ab", buffering=0)
    return structlog.wrap_logger(
        structlog.BytesLogger(file),
        processors=logging_processors(json_output=True),
        wrapper_class=structlog.make_filtering_bound_logger("info"),  # the sandbox is quiet
    )


def change(airflow: Installation, statement: str) -> None:
    """Put a row into the state that a test is about."""
    with airflow.session() as session:
        session.connection().exec_driver_sql(statement)


def deploy(airflow: Installation, run_id: str, number: int, bundle_version: str) -> None:
    """Let a run's tasks be of another version of the Dag."""
    with airflow.session() as session:
        version = DagVersion(
            dag_id="nightly",
            version_number=number,
            bundle_name="dags-folder",
            bundle_version=bundle_version,
        )
        session.add(version)
        session.flush()
        for task in session.scalars(select(TaskInstance).where(TaskInstance.run_id == run_id)):
            task.dag_version_id = version.id
