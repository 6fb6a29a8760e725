"""Two ways to wait: holding a slot, or giving it back."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from .model import Condition, Defer, Task, TaskContext


class SensorMode(StrEnum):
    """How a sensor waits."""

    POKE = "poke"  # looks again and again, holding its slot
    DEFERRED = "deferred"  # gives its slot back until the condition is true


def sensor(
    id: str,
    condition: Condition,
    mode: SensorMode = SensorMode.POKE,
    upstream: tuple[str, ...] = (),
    pool: str = "default",
    priority: int = 0,
) -> Task:
    """A task that succeeds once `condition` is true."""

    def poke(ctx: TaskContext) -> Iterator[str]:
        while not condition(ctx):
            yield "poke"

    def defer(ctx: TaskContext) -> Iterator[str]:
        yield "look"
        if not condition(ctx):
            raise Defer

    if mode is SensorMode.POKE:
        return Task(id, poke, upstream, pool=pool, priority=priority)
    return Task(id, defer, upstream, pool=pool, priority=priority, wake=condition)
