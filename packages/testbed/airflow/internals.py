"""The private parts of Airflow that the testbed drives, and the check that they are still there."""

from __future__ import annotations

from importlib.metadata import version

from airflow import settings
from airflow._shared.timezones import timezone
from airflow.executors.base_executor import BaseExecutor
from airflow.jobs.scheduler_job_runner import SchedulerJobRunner

from testbed.airflow import loop

CONNECTIONS = ("engine", "NonScopedSession", "Session", "async_engine", "AsyncSession")
PRIVATE = {
    SchedulerJobRunner: (
        "_do_scheduling",
        "_handle_tasks_stuck_in_queued",
        "_run_scheduler_loop",
    ),
    BaseExecutor: ("_process_workloads", "queue_workload", "revoke_task"),
    timezone: ("utcnow",),
    settings: ("configure_vars", "configure_orm", "dispose_orm", *CONNECTIONS),
}


class InternalsChangedError(Exception):
    """Airflow no longer has a private part that this module drives."""


def assert_internals_unchanged() -> None:
    """Raise if this Airflow lacks one of the parts that a tick consists of."""
    for part in changed_internals():
        found = f"in Airflow {version('apache-airflow-core')} {part} any more"
        raise InternalsChangedError(f"{found}: packages/testbed/airflow/ must follow")


def changed_internals() -> list[str]:
    """List the parts of a tick that this Airflow lacks."""
    return [
        f"{owner.__name__.rpartition('.')[2]} has no `{name}`"
        for owner, names in (*PRIVATE.items(), *loop.PRIVATE)
        for name in names
        if not hasattr(owner, name)
    ]
