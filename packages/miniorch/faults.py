"""What can go wrong, declared as data before it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from .clock import FakeClock
from .model import TaskContext
from .warehouse import Warehouse


class FaultKind(StrEnum):
    """The faults miniorch knows, and what each needs to be told."""

    CRASH = "crash"  # the attempt's process dies; its worker notices and reports it
    KILL_WORKER = "kill_worker"  # the worker dies with it: nobody reports anything
    LOSE_HEARTBEAT = "lose_heartbeat"  # the attempt lives on, unheard, for `seconds`
    SLOW = "slow"  # the attempt stands still for `seconds`, heartbeats go on
    DUPLICATE_DELIVERY = "duplicate_delivery"  # the queue hands the attempt to two workers
    CLOCK_SKEW = "clock_skew"  # the clock of `node` is `seconds` ahead (or behind, if negative)
    LATE_ROWS = "late_rows"  # the last `rows` orders of a day arrive `seconds` after the start


K = FaultKind
NEEDS: dict[FaultKind, set[str]] = {
    K.CRASH: {"task", "at"},
    K.KILL_WORKER: {"task", "at"},
    K.LOSE_HEARTBEAT: {"task", "at", "seconds"},
    K.SLOW: {"task", "at", "seconds"},
    K.DUPLICATE_DELIVERY: {"task"},
    K.CLOCK_SKEW: {"node", "seconds"},
    K.LATE_ROWS: {"rows", "seconds"},
}


@dataclass(frozen=True)
class Fault:
    """One fault. Those with a task strike that attempt of it, in every run unless `run_id` says."""

    kind: FaultKind
    task: str = ""
    attempt: int = 1
    at: str = ""  # the label of the point at which it strikes
    seconds: float = 0
    node: str = ""
    rows: int = 0
    run_id: str = ""

    def __post_init__(self) -> None:
        """Refuse a fault that could never strike."""
        if missing := sorted(name for name in NEEDS[self.kind] if not getattr(self, name)):
            raise ValueError(f"a {self.kind} fault needs {', '.join(missing)}")

    def concerns(self, ctx: TaskContext) -> bool:
        """Whether it is meant for this attempt."""
        this_run = self.run_id in ("", ctx.run_id)
        return this_run and (self.task, self.attempt) == (ctx.task_id, ctx.attempt)


class Faults:
    """All faults of a scenario, asked for by whoever must suffer them."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        """Keep them in the order declared."""
        self._faults = tuple(faults)

    def at_point(self, ctx: TaskContext, label: str) -> list[Fault]:
        """Those that strike this attempt at the point `label`."""
        return [fault for fault in self._faults if fault.at == label and fault.concerns(ctx)]

    def deliveries(self, ctx: TaskContext) -> int:
        """How many workers are handed this attempt: 1, or more."""
        twice = (f for f in self._faults if f.kind is K.DUPLICATE_DELIVERY and f.concerns(ctx))
        return 1 + len(list(twice))

    def prepare(self, clock: FakeClock, warehouse: Warehouse) -> None:
        """Set up the faults of the surroundings: skewed clocks and late rows."""
        for fault in self._faults:
            if fault.kind is K.CLOCK_SKEW:
                clock.skew[fault.node] = fault.seconds
            elif fault.kind is K.LATE_ROWS:
                warehouse.late_rows = fault.rows
                warehouse.late_until = clock.time + timedelta(seconds=fault.seconds)
