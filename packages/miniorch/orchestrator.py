"""The whole machine: clock, store, warehouse, workers and one or more schedulers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import zip_longest

from . import operations
from .clock import FakeClock
from .executor import SimExecutor
from .faults import Fault, Faults
from .model import DAG, Settings
from .operations import Plan, Reprocess
from .records import Run
from .rules import TERMINAL, RunState, TaskState
from .scheduler import Scheduler
from .store import MetadataStore
from .warehouse import Warehouse

UNDER_WAY = set(TaskState) - TERMINAL - {TaskState.NONE}


class Stalled(RuntimeError):
    """Nothing failed and nothing ends; the message says what waits and for what."""


class Orchestrator:
    """Runs DAGs tick by tick. The same DAGs, faults and settings give the same event log."""

    def __init__(
        self,
        dags: Iterable[DAG],
        faults: Iterable[Fault] = (),
        settings: Settings | None = None,
        clock: FakeClock | None = None,
        warehouse: Warehouse | None = None,
        executor: type[SimExecutor] = SimExecutor,
    ) -> None:
        """ValueError if a task names a pool that `settings` does not have."""
        self.dags = {dag.id: dag for dag in dags}
        self.settings = settings or Settings()
        self.clock = clock or FakeClock()
        self.store = MetadataStore(self.clock, compare_and_set=self.settings.compare_and_set)
        self.warehouse = warehouse or Warehouse()
        self._faults = Faults(faults)
        self._faults.prepare(self.clock, self.warehouse)
        self.schedulers = [self._scheduler(n, executor) for n in range(self.settings.schedulers)]
        for task in (task for dag in self.dags.values() for task in dag.tasks):
            if task.pool not in self.settings.pools:
                raise ValueError(f"task {task.id!r} names unknown pool {task.pool!r}")

    def tick(self, times: int = 1) -> None:
        """One loop of every scheduler, all at once; then time moves on."""
        for _ in range(times):
            loops = [scheduler.loop() for scheduler in self.schedulers]
            for _pause in zip_longest(*loops):  # all choose before the first one acts
                pass
            self.clock.advance(self.settings.tick_seconds)

    def idle(self) -> bool:
        """Whether no run is under way and no attempt, twin or zombie is still alive."""
        active = self.store.runs(RunState.QUEUED, RunState.RUNNING)
        return not active and not any(s.executor.load() for s in self.schedulers)

    def run_until_idle(self, max_ticks: int = 500) -> int:
        """Tick until all is done and return the number of ticks; Stalled if it never is."""
        for ticks in range(1, max_ticks + 1):
            self.tick()
            if self.idle():
                return ticks
        waiting = self.waiting() or ["an attempt that was given up is still alive"]
        raise Stalled(f"after {max_ticks} ticks: {', '.join(waiting)}")

    def run_until(self, until: datetime) -> None:
        """Tick until that time; with nothing to do, jump to when the next run is due."""
        while self.clock.time < until:
            self.tick()
            if self.idle() and self.clock.time < until:
                schedules = [dag.schedule for dag in self.dags.values() if dag.schedule]
                due = [date for s in schedules for date in s.due(self.clock.time, until)[:1]]
                self.clock.advance((min([*due, until]) - self.clock.time).total_seconds())

    def waiting(self) -> list[str]:
        """Every task under way, its state, and the limit that holds it back."""
        held = self.schedulers[0].held
        return [
            f"{ti.task_id} is {ti.state}" + (f" ({held[ti.key]} full)" if ti.key in held else "")
            for ti in self.store.task_instances(*UNDER_WAY)
        ]

    def trigger(self, dag_id: str, logical_date: datetime) -> Run:
        """Start a run by hand; ValueError if that date already has one."""
        return operations.trigger(self.store, self.dags[dag_id], logical_date)

    def clear(
        self,
        dag_id: str,
        logical_date: datetime,
        task_id: str | None = None,
        downstream: bool = False,
    ) -> list[str]:
        """Make finished tasks run again; see `operations.clear`. KeyError if there is no run."""
        run = self.store.run_on(dag_id, logical_date)
        if run is None:
            raise KeyError(f"{dag_id} has no run for {logical_date.isoformat()}")
        return operations.clear(self.store, self.dags[dag_id], run, task_id, downstream)

    def backfill(
        self,
        dag_id: str,
        dates: Iterable[datetime],
        reprocess: Reprocess = Reprocess.NONE,
        max_active_runs: int = 10,
    ) -> dict[datetime, Plan]:
        """Create or redo the runs of these dates; see `operations.backfill`."""
        dag = self.dags[dag_id]
        return operations.backfill(self.store, dag, dates, reprocess, max_active_runs)

    def _scheduler(self, number: int, executor: type[SimExecutor]) -> Scheduler:
        """Each scheduler has its own executor and workers: w1, w2 ..., counted on."""
        count = self.settings.workers
        workers = [f"w{number * count + n}" for n in range(1, count + 1)]
        return Scheduler(
            "scheduler" if number == 0 else f"scheduler-{number + 1}",
            self.dags,
            self.store,
            self.warehouse,
            executor(self.store, self._faults, workers),
            self.settings,
        )
