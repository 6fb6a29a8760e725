"""The loop of Airflow's scheduler, watched part by part as it turns."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from types import SimpleNamespace
from unittest.mock import patch

from airflow import settings
from airflow.executors.base_executor import BaseExecutor
from airflow.jobs import scheduler_job_runner
from airflow.jobs.scheduler_job_runner import SchedulerJobRunner
from airflow.utils.event_scheduler import EventScheduler
from sqlalchemy import event

PARTS = {  # of the loop, whose beginning can be watched
    SchedulerJobRunner: (
        "adopt_or_reset_orphaned_tasks",
        "_create_dagruns_for_dags",
        "_start_queued_dagruns",
        "_schedule_dag_run",
        "_critical_section_enqueue_task_instances",
        "_process_executor_events",
        "_process_task_event_logs",
        "_enqueue_executor_callbacks",
    ),
    BaseExecutor: ("heartbeat",),
    scheduler_job_runner: ("perform_heartbeat",),
}
PRIVATE = (
    *PARTS.items(),
    (EventScheduler, ("call_regular_interval",)),
    (scheduler_job_runner, ("EventScheduler", "time")),
)


@dataclass
class Part:
    """A part of the loop, as a watcher sees it when the part ends.

    function: its name. line: where Airflow's loop calls it. commits: how many transactions it
    committed. seconds: how long a sleep would have taken.
    """

    function: str
    line: int
    commits: int = 0
    seconds: float = 0


Watch = Callable[[Part], object]


class Watched:
    """A loop as it goes: each part ends where the next one begins."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.parts: list[Part] = []

    def begin(self, function: str, seconds: float = 0) -> None:
        """End the part before this one."""
        self.end()
        self.parts.append(Part(function, sys._getframe(2).f_lineno, seconds=seconds))

    def end(self) -> None:
        """Let the watcher see what the last part has left."""
        if self.parts:
            self.watch(self.parts.pop())

    def committed(self, *_: object) -> None:
        """Count a commit to the part that is under way."""
        for part in self.parts:
            part.commits += 1

    def announced(self, owner: object, name: str) -> Callable[..., object]:
        """Make a function begin a part whenever it is called."""
        function = getattr(owner, name)

        @wraps(function)
        def part(*args: object, **kwargs: object) -> object:
            self.begin(name)
            return function(*args, **kwargs)

        return part

    def sleep(self, seconds: float) -> None:
        """Take the loop's sleep for done."""
        self.begin("sleep", seconds)


class Timers(EventScheduler):
    """What the loop does at intervals, by the clock that `Installation.later` sets ahead."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(timefunc=clock)
        self.periods: dict[str, float] = {}

    def call_regular_interval(
        self, delay: float, action: Callable[[], object], **options: bool
    ) -> None:
        """Set a timer and note its period."""
        self.periods[action.__name__] = delay
        super().call_regular_interval(delay, action, **options)


@contextmanager
def watched(runner: SchedulerJobRunner, watch: Watch, timers: Timers) -> Iterator[None]:
    """Watch the loop of a scheduler for the length of the block."""
    loop, owners = Watched(watch), {SchedulerJobRunner: runner, BaseExecutor: runner.executor}
    with ExitStack() as stack:
        for kind, names in PARTS.items():
            owner = owners.get(kind, kind)
            for name in names:
                part = loop.announced(owner, name)
                stack.enter_context(patch.object(owner, name, part))
        stack.enter_context(patch.object(timers, "run", loop.announced(timers, "run")))
        clock = SimpleNamespace(sleep=loop.sleep)
        stack.enter_context(patch.object(scheduler_job_runner, "time", clock))
        stack.enter_context(patch.object(scheduler_job_runner, "EventScheduler", lambda: timers))
        event.listen(settings.Session, "after_commit", loop.committed)
        stack.callback(event.remove, settings.Session, "after_commit", loop.committed)
        yield
        loop.end()
