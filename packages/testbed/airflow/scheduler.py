"""One scheduler of Airflow and its executor, ticked by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from airflow.callbacks.database_callback_sink import DatabaseCallbackSink
from airflow.executors.base_executor import BaseExecutor
from airflow.executors.workloads.base import BundleInfo
from airflow.executors.workloads.task import ExecuteTask
from airflow.jobs.job import Job
from airflow.jobs.scheduler_job_runner import SchedulerJobRunner
from airflow.models import TaskInstance
from airflow.models.taskinstancekey import TaskInstanceKey
from airflow.utils.session import create_session
from airflow.utils.state import TaskInstanceState
from sqlalchemy import select
from sqlalchemy.orm import Session

from testbed.airflow.loop import Timers, Watch, watched


class Executor(BaseExecutor):
    """Takes every task that the scheduler sends and does nothing with it until it is told to.

    sent: the keys of all tasks that it got, in that order. running: the keys of those that have not
    ended. bundles: by key, the name and the version of the bundle that a task was sent with.
    when_queued: called at each task, while the scheduler holds the locks of its critical section.
    """

    def __init__(self, parallelism: int) -> None:
        super().__init__(parallelism=parallelism)
        self.callback_sink = DatabaseCallbackSink()
        self.sent: list[TaskInstanceKey] = []
        self.bundles: dict[TaskInstanceKey, BundleInfo] = {}
        self.when_queued: Callable[[], None] = lambda: None

    def queue_workload(self, workload: ExecuteTask, session: Session) -> None:
        """Accept a task; the scheduler is inside its critical section now."""
        super().queue_workload(workload, session=session)
        self.when_queued()

    def _process_workloads(self, workload_items: Sequence[ExecuteTask]) -> None:
        for workload in workload_items:
            self.queued_tasks.pop(workload.ti.key)
            self.running.add(workload.ti.key)
            self.sent.append(workload.ti.key)
            self.bundles[workload.ti.key] = workload.bundle_info

    def revoke_task(self, *, ti: TaskInstance) -> None:
        """Forget a task that the scheduler wants back."""
        self.queued_tasks.pop(ti.key, None)
        self.running.discard(ti.key)

    def start_task(self, key: TaskInstanceKey) -> None:
        """Begin a task as its worker does."""
        record(key, TaskInstanceState.RUNNING)

    def lose_task(self, key: TaskInstanceKey) -> None:
        """Report that the worker of a task is gone; the scheduler decides at its next tick."""
        self.change_state(key, TaskInstanceState.FAILED)

    def finish_task(self, key: TaskInstanceKey) -> None:
        """End a task as its worker does, in success."""
        record(key, TaskInstanceState.SUCCESS)
        self.change_state(key, TaskInstanceState.SUCCESS)

    def run_tasks(self, work: Callable[[TaskInstanceKey], object]) -> None:
        """Run what was sent, each to its success; what the scheduler took back may not go on.

        work: called with the key of each task, between its start and its end.
        """
        for key in sorted(self.running):
            if state_of(key) == TaskInstanceState.QUEUED:
                self.start_task(key)
                work(key)
            if state_of(key) == TaskInstanceState.RUNNING:
                self.finish_task(key)
            else:
                self.running.discard(key)  # the API server answers 409 to its worker


def record(key: TaskInstanceKey, state: TaskInstanceState) -> None:
    """Write a state that a worker reports, as the API server does: not through the scheduler."""
    with create_session(scoped=False) as session:
        wanted = TaskInstance.filter_for_tis([key])
        task = session.scalars(select(TaskInstance).where(wanted)).one()
        task.set_state(state, session=session)


def state_of(key: TaskInstanceKey) -> str | None:
    """Read the state of a task; None: the scheduler has not looked at it yet."""
    with create_session(scoped=False) as session:
        wanted = TaskInstance.filter_for_tis([key])
        return session.scalars(select(TaskInstance.state).where(wanted)).one()


class Scheduler:
    """One scheduler with its own job and its own executor, as `Installation.scheduler` adds it.

    job: its row in Airflow's table of jobs, with the heartbeat. runner: Airflow's own object, for
    what is not offered here.
    """

    def __init__(self, parallelism: int, clock: Callable[[], float]) -> None:
        """Register it, as `airflow scheduler` does, without starting its loop."""
        self.clock = clock
        self.executor = Executor(parallelism)
        self.job = Job()
        self.runner = SchedulerJobRunner(self.job, executors=[self.executor])
        self.runner._parallelism = parallelism
        self.job.prepare_for_execution()
        self.executor.job_id = self.job.id

    def tick(self) -> int:
        """Go once through the scheduler's loop; return how many tasks it queued.

        It creates runs, schedules and queues tasks, sends what is queued to the executor, and takes
        what the executor reports. It does none of what the loop does at intervals: see `loop`.
        """
        with create_session() as session:
            queued = self.runner._do_scheduling(session)
        self.executor.heartbeat()
        with create_session() as session:
            self.runner._process_executor_events(executor=self.executor, session=session)
        return queued

    def loop(self, watch: Watch = lambda part: None, times: int = 1) -> dict[str, float]:
        """Start, go so many times through the loop itself, and call `watch` as each part ends.

        Nothing is waited for: a sleep is reported with its seconds. Returned are the periods of the
        loop's timers, in seconds, by the name of what they call; `Installation.later` is what makes
        a timer go off.
        """
        self.runner.num_runs, timers = times, Timers(self.clock)
        with watched(self.runner, watch, timers):
            self.runner._run_scheduler_loop()
        return timers.periods

    def start(self) -> int:
        """Look for orphans, as a scheduler does before its first loop; return how many it reset."""
        return self.runner.adopt_or_reset_orphaned_tasks()

    def check_queued(self) -> None:
        """Do what the loop does every two minutes: look for tasks stuck in queued."""
        self.runner._handle_tasks_stuck_in_queued()
