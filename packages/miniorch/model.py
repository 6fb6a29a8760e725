"""What an author writes: tasks, retry policies, DAGs and the limits they run under."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from inspect import isgeneratorfunction
from typing import Any

from .clock import FakeClock, Schedule
from .rules import TriggerRule
from .warehouse import Order, Warehouse


class InvalidDAG(ValueError):
    """A DAG that could never run; the message names the tasks."""


class Skip(Exception):
    """Raised by a task to say that there is nothing to do."""


class Defer(Exception):
    """Raised by a task to give its slot back until `Task.wake` is true; it then starts again."""


@dataclass(frozen=True)
class TaskContext:
    """What one attempt knows about itself and the world."""

    dag_id: str
    run_id: str
    task_id: str
    attempt: int  # 1 for the first; never reused, so it also serves as fencing token
    logical_date: datetime  # in the DAG's time zone
    warehouse: Warehouse
    clock: FakeClock
    params: Mapping[str, Any] = field(default_factory=dict)
    worker: str = ""

    @property
    def day(self) -> str:
        """The day this run is for, YYYY-MM-DD; the same in every attempt."""
        return self.logical_date.date().isoformat()

    def now(self) -> datetime:
        """The worker's own clock; different in every attempt."""
        return self.clock.now(self.worker)

    def orders(self) -> list[Order]:
        """The orders of the run's day that have arrived by now."""
        return self.warehouse.orders(self.day, self.clock.time)


TaskFunction = Callable[[TaskContext], Iterator[str]]
Condition = Callable[[TaskContext], bool]


@dataclass(frozen=True)
class RetryPolicy:
    """How often, how late and after which errors to try again. Delays are in seconds."""

    retries: int = 0
    delay: float = 0
    backoff: float = 1.0  # each delay is this many times the one before
    max_delay: float = 86_400
    jitter: float = 0  # up to this share is added at random: 0.5 is up to half as much again
    retry_on: tuple[type[Exception], ...] = (Exception,)

    def delay_after(self, failures: int, rng: random.Random) -> float:
        """Seconds to wait after that many failed attempts."""
        delay = self.delay * self.backoff ** (failures - 1)
        return min(delay * (1 + self.jitter * rng.random()), self.max_delay)

    def covers(self, error: Exception | None) -> bool:
        """Whether to try again after `error`; None, a process that vanished, always counts."""
        return error is None or isinstance(error, self.retry_on)


@dataclass(frozen=True)
class Task:
    """A step of a DAG. `fn` is a generator function: each `yield "label"` is a point in its life.

    At a point a fault can strike and other attempts get their turn.
    """

    id: str
    fn: TaskFunction
    upstream: tuple[str, ...] = ()
    retry: RetryPolicy = RetryPolicy()
    trigger_rule: TriggerRule = TriggerRule.ALL_SUCCESS
    pool: str = "default"
    priority: int = 0  # larger goes first
    params: Mapping[str, Any] = field(default_factory=dict)
    wake: Condition | None = None  # ends a deferral

    def __post_init__(self) -> None:
        """Refuse a plain function: it would have no point at which to be interrupted."""
        if not isgeneratorfunction(self.fn):
            raise InvalidDAG(f"task {self.id!r}: its function must yield at least once")


@dataclass(frozen=True)
class DAG:
    """Tasks and the order between them. Raises InvalidDAG when there is no such order."""

    id: str
    tasks: tuple[Task, ...]
    schedule: Schedule | None = None
    start: datetime | None = None  # the schedule counts from here; default: the clock's start
    catchup: bool = False  # True: every missed run; False: only the latest
    max_active_runs: int = 16
    max_active_tasks: int = 16  # in each run

    def __post_init__(self) -> None:
        """Check that ids are unique, upstream tasks exist and nothing waits for itself."""
        ids = [task.id for task in self.tasks]
        if twice := [id for id in ids if ids.count(id) > 1]:
            raise InvalidDAG(f"{self.id}: two tasks are called {twice[0]!r}")
        for task in self.tasks:
            if unknown := [upstream for upstream in task.upstream if upstream not in ids]:
                raise InvalidDAG(
                    f"{self.id}: task {task.id!r} names unknown upstream {unknown[0]!r}"
                )
        try:
            TopologicalSorter({t.id: t.upstream for t in self.tasks}).prepare()
        except CycleError as error:
            raise InvalidDAG(f"{self.id}: cycle {' -> '.join(error.args[1])}") from None

    def __getitem__(self, task_id: str) -> Task:
        """The task of that id; KeyError if there is none."""
        return self._by_id[task_id]

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Task ids, upstream first."""
        return tuple(TopologicalSorter({t.id: t.upstream for t in self.tasks}).static_order())

    @cached_property
    def leaves(self) -> frozenset[str]:
        """The tasks that nothing waits for: they decide the state of the run."""
        waited_for = {upstream for task in self.tasks for upstream in task.upstream}
        return frozenset(self._by_id).difference(waited_for)

    @cached_property
    def _by_id(self) -> dict[str, Task]:
        return {task.id: task for task in self.tasks}

    def downstream_of(self, task_id: str) -> set[str]:
        """All that waits for the task, however far."""
        direct = {task.id for task in self.tasks if task_id in task.upstream}
        return direct.union(*(self.downstream_of(id) for id in direct))


@dataclass(frozen=True)
class Settings:
    """What an operator sets. Times are in seconds."""

    tick_seconds: float = 5
    schedulers: int = 1
    workers: int = 4  # of each scheduler, one attempt at a time
    parallelism: int = 32  # queued or running at once, for each scheduler
    pools: Mapping[str, int] = field(default_factory=lambda: {"default": 128})  # name -> slots
    heartbeat_timeout: float = 30
    compare_and_set: bool = True  # False: whoever writes a task's state last wins
    seed: int = 0  # of the retry jitter
