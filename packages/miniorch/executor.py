"""Workers: each runs one attempt at a time, one point per tick, so that attempts interleave."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from .faults import Fault, FaultKind, Faults
from .model import Defer, Skip, Task, TaskContext
from .records import TaskInstance
from .rules import TaskState
from .store import MetadataStore


@dataclass(frozen=True)
class Delivery:
    """A message in the executor's queue: start this attempt."""

    ti: TaskInstance  # as it was when queued
    task: Task
    ctx: TaskContext


@dataclass(frozen=True)
class Report:
    """A worker's word on how an attempt ended."""

    ti: TaskInstance  # as the worker believes it to be: running, and this attempt
    state: TaskState
    error: Exception | None = None


class Executor(Protocol):
    """What a scheduler needs of an executor."""

    def submit(self, delivery: Delivery) -> None:
        """Take a message."""

    def load(self) -> int:
        """How many attempts are waiting for a worker or on one."""

    def step(self) -> None:
        """Let every worker do one tick's work."""

    def collect(self) -> list[Report]:
        """The reports since the last call."""


@dataclass
class Body:
    """A living attempt: the generator, and what the world does to it."""

    ti: TaskInstance
    ctx: TaskContext
    points: Iterator[str]
    slow_until: datetime
    muted_until: datetime


class SimExecutor:
    """Named workers, one attempt each, without threads."""

    def __init__(self, store: MetadataStore, faults: Faults, workers: Iterable[str]) -> None:
        """Start the named workers, idle."""
        self.store, self.clock, self.faults = store, store.clock, faults
        self.workers: dict[str, Body | None] = dict.fromkeys(workers)
        self.dead: dict[str, datetime | None] = {}  # killed workers, and when they are back
        self.queue: deque[Delivery] = deque()
        self.reports: list[Report] = []
        self._crashed: list[Body] = []

    def submit(self, delivery: Delivery) -> None:
        """Put the message into the queue, more than once if the fault says so."""
        self.queue.extend([delivery] * self.faults.deliveries(delivery.ctx))

    def load(self) -> int:
        """How many attempts are waiting for a worker or on one."""
        return len(self.queue) + sum(body is not None for body in self.workers.values())

    def collect(self) -> list[Report]:
        """The reports since the last call."""
        reports, self.reports = self.reports, []
        return reports

    def step(self) -> None:
        """Every worker alive takes a message if idle, then runs to its attempt's next point."""
        self._replace_dead_workers()
        for worker in self.workers:
            if worker in self.dead:
                continue
            if self.workers[worker] is None and self.queue:
                self._start(worker, self.queue.popleft())
            if body := self.workers[worker]:
                self._advance(worker, body)

    def _replace_dead_workers(self) -> None:
        for worker, back_at in list(self.dead.items()):
            if back_at and back_at <= self.clock.time:
                del self.dead[worker]
                self.store.log("worker_back", worker=worker)

    def _start(self, worker: str, delivery: Delivery) -> None:
        """Ask the store before doing anything: a second delivery is refused here."""
        ti = self.store.transition(
            delivery.ti, TaskState.RUNNING, worker=worker, heartbeat=self.clock.now(worker)
        )
        if ti is None:
            return
        ctx = replace(delivery.ctx, worker=worker)
        now = self.clock.time
        self.workers[worker] = Body(ti, ctx, delivery.task.fn(ctx), slow_until=now, muted_until=now)
        self.store.log("started", ti, worker)

    def _advance(self, worker: str, body: Body) -> None:
        if self.clock.time >= body.slow_until:
            self._run_to_next_point(worker, body)
        if self.workers[worker] is body and self.clock.time >= body.muted_until:
            self.store.heartbeat(body.ti, self.clock.now(worker))

    def _run_to_next_point(self, worker: str, body: Body) -> None:
        try:
            label = self._next_point(worker, body)
        except StopIteration:
            self._finish(worker, body, TaskState.SUCCESS)
        except Skip:
            self._finish(worker, body, TaskState.SKIPPED)
        except Defer:
            self._finish(worker, body, TaskState.DEFERRED)
        except Exception as error:
            self._finish(worker, body, TaskState.FAILED, error)
        else:
            self.store.log("point", body.ti, worker, label=label)
            for fault in self.faults.at_point(body.ctx, label):
                self._strike(fault, worker, body)

    def _next_point(self, worker: str, body: Body) -> str:
        """Let the task's own code run, and note whether it committed anything."""
        warehouse = body.ctx.warehouse
        commits = warehouse.commits
        try:
            return next(body.points)
        finally:
            if warehouse.commits > commits:
                self.store.log("warehouse", body.ti, worker, total=f"{warehouse.total():.2f}")

    def _finish(
        self, worker: str, body: Body, state: TaskState, error: Exception | None = None
    ) -> None:
        self.workers[worker] = None
        self.reports.append(Report(body.ti, state, error))
        why = {"error": f"{type(error).__name__}: {error}"} if error else {}
        self.store.log("reported", body.ti, worker, state=state, **why)

    def _strike(self, fault: Fault, worker: str, body: Body) -> None:
        until = self.clock.time + timedelta(seconds=fault.seconds)
        lasts = f"{fault.seconds:g} s"
        match fault.kind:
            case FaultKind.CRASH:
                self._vanish(worker, body)
                self.store.log("crashed", body.ti, worker)
                self._finish(worker, body, TaskState.FAILED)
            case FaultKind.KILL_WORKER:
                self._vanish(worker, body)
                self.dead[worker] = until if fault.seconds else None
                self.store.log("worker_killed", body.ti, worker)
            case FaultKind.LOSE_HEARTBEAT:
                body.muted_until = until
                self.store.log("heartbeat_lost", body.ti, worker, lasts=lasts)
            case FaultKind.SLOW:
                body.slow_until = until
                self.store.log("slowed", body.ti, worker, lasts=lasts)

    def _vanish(self, worker: str, body: Body) -> None:
        """No cleanup code runs: kept here, the generator is never closed."""
        self.workers[worker] = None
        self._crashed.append(body)


class InlineExecutor(SimExecutor):
    """Runs every attempt from start to end within one tick. For examples without waiting."""

    MAX_POINTS = 1_000

    def step(self) -> None:
        """Step until nothing is left to do; RuntimeError if an attempt does not end."""
        for _ in range(self.MAX_POINTS):
            super().step()
            if not self.load():
                return
        raise RuntimeError(f"an attempt passed {self.MAX_POINTS} points within one tick")
