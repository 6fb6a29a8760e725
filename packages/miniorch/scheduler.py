"""The scheduler: one loop, always the same steps, in the order in which Airflow takes them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .executor import Delivery, Executor
from .limits import Room
from .model import DAG, Settings, TaskContext
from .records import RunKind, TaskInstance
from .rules import OCCUPYING, RunState, TaskState, outcome, verdict
from .store import MetadataStore
from .warehouse import Warehouse

INSTANT = timedelta(microseconds=1)


class Scheduler:
    """Moves task instances through the store. Several may share one store."""

    def __init__(
        self,
        name: str,
        dags: Mapping[str, DAG],
        store: MetadataStore,
        warehouse: Warehouse,
        executor: Executor,
        settings: Settings,
    ) -> None:
        """`name` is the node whose clock it reads."""
        self.name, self.dags, self.settings = name, dags, settings
        self.store, self.clock, self.warehouse = store, store.clock, warehouse
        self.executor = executor
        self.held: dict[tuple[str, str, str], str] = {}  # task instance -> the limit it waits for
        self._started = self.clock.time

    def loop(self) -> Iterator[str]:
        """One loop. It pauses between reading and writing, where another scheduler gets in."""
        self._create_runs()
        self._start_runs()
        self._examine_runs()
        self._wake_deferred()
        chosen = self._choose()
        yield "chosen"
        self._enqueue(chosen)
        self.executor.step()
        self._hear_reports()
        self._reap_silent()

    def _create_runs(self) -> None:
        """At most one new run per DAG and loop."""
        for dag in self.dags.values():
            if dag.schedule is None:
                continue
            since = (dag.start or self._started) - INSTANT
            due = dag.schedule.due(since, self.clock.now(self.name))
            wanted = due if dag.catchup else due[-1:]
            there = {run.logical_date for run in self.store.runs() if run.dag_id == dag.id}
            if missing := [date for date in wanted if date not in there]:
                self.store.create_run(dag, missing[0], RunKind.SCHEDULED, dag.max_active_runs)

    def _start_runs(self) -> None:
        """Queued runs start as far as max_active_runs allows; backfills count apart."""
        running = Counter(run.lane for run in self.store.runs(RunState.RUNNING))
        for run in self.store.runs(RunState.QUEUED):
            if running[run.lane] < run.max_active:
                self.store.transition_run(run, RunState.RUNNING)
                running[run.lane] += 1

    def _examine_runs(self) -> None:
        """Ask of every task whether it may run, and of every run whether it has ended."""
        for run in self.store.runs(RunState.RUNNING):
            dag = self.dags[run.dag_id]
            tis = self.store.tasks_of(run)
            for task_id in dag.order:  # upstream first: a skip cascades within one loop
                tis[task_id] = self._examine(tis[task_id], tis)
            states = {task_id: ti.state for task_id, ti in tis.items()}
            if end := outcome(states.values(), {states[leaf] for leaf in dag.leaves}):
                self.store.transition_run(run, end)

    def _examine(self, ti: TaskInstance, tis: dict[str, TaskInstance]) -> TaskInstance:
        """The task instance after what this loop can decide about it."""
        task = self.dags[ti.dag_id][ti.task_id]
        to: TaskState | None = None
        if ti.state is TaskState.NONE:
            to = verdict(task.trigger_rule, [tis[up].state for up in task.upstream])
        elif ti.state is TaskState.UP_FOR_RETRY and self._is_past(ti.retry_at):
            to = TaskState.SCHEDULED
        if to is None:
            return ti
        attempt = ti.attempt + 1 if to is TaskState.SCHEDULED else ti.attempt
        return self.store.transition(ti, to, attempt=attempt) or ti

    def _wake_deferred(self) -> None:
        """What has been waited for may go on, as the same attempt."""
        for ti in self.store.task_instances(TaskState.DEFERRED):
            wake = self.dags[ti.dag_id][ti.task_id].wake
            if wake is None or wake(self._context(ti)):
                self.store.transition(ti, TaskState.SCHEDULED)

    def _choose(self) -> list[TaskInstance]:
        """Scheduled tasks for which there is room under every limit."""
        occupying = self.store.task_instances(*OCCUPYING)
        room = Room(self.dags, self.settings, self.executor.load(), occupying)
        chosen, self.held = room.choose(self.store.task_instances(TaskState.SCHEDULED))
        return chosen

    def _enqueue(self, chosen: Iterable[TaskInstance]) -> None:
        """Hand them to the executor, unless another scheduler was first."""
        for ti in chosen:
            if queued := self.store.transition(ti, TaskState.QUEUED):
                task = self.dags[ti.dag_id][ti.task_id]
                self.executor.submit(Delivery(queued, task, self._context(queued)))

    def _hear_reports(self) -> None:
        """Believe a report only if its attempt is still the running one."""
        for report in self.executor.collect():
            if report.state is TaskState.FAILED:
                self._fail(report.ti, report.error)
            else:
                self.store.transition(report.ti, report.state)

    def _reap_silent(self) -> None:
        """Give up attempts not heard of for too long. They may well be alive."""
        for ti in self.store.task_instances(TaskState.RUNNING):
            heard = ti.heartbeat or self._started
            silent = (self.clock.now(self.name) - heard).total_seconds()
            if silent > self.settings.heartbeat_timeout:
                self.store.log("heartbeat_timeout", ti, silent=f"{silent:g} s")
                self._fail(ti, None)

    def _fail(self, ti: TaskInstance, error: Exception | None) -> None:
        """Try again later if the policy says so."""
        retry = self.dags[ti.dag_id][ti.task_id].retry
        if ti.attempt >= ti.max_attempts or not retry.covers(error):
            self.store.transition(ti, TaskState.FAILED)
            return
        failures = ti.attempt - (ti.max_attempts - retry.retries) + 1
        rng = random.Random(f"{self.settings.seed}/{ti.key}/{ti.attempt}")
        delay = timedelta(seconds=retry.delay_after(failures, rng))
        retry_at = self.clock.now(self.name) + delay
        self.store.transition(ti, TaskState.UP_FOR_RETRY, retry_at=retry_at)

    def _is_past(self, time: datetime | None) -> bool:
        return time is not None and time <= self.clock.now(self.name)

    def _context(self, ti: TaskInstance) -> TaskContext:
        dag = self.dags[ti.dag_id]
        zone = ZoneInfo(dag.schedule.tz if dag.schedule else "UTC")
        return TaskContext(
            ti.dag_id,
            ti.run_id,
            ti.task_id,
            ti.attempt,
            ti.logical_date.astimezone(zone),
            self.warehouse,
            self.clock,
            dag[ti.task_id].params,
        )
