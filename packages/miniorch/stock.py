"""Stock tasks: small functions that a scenario can name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .model import Condition, Skip, TaskContext, TaskFunction


@dataclass(frozen=True)
class LoadOptions:
    """How `load` writes: the parameters of its task."""

    write: str = "append"  # or overwrite, or upsert
    transaction: bool = True  # False: commit after each half
    fence: str = "none"  # commit: show the token when writing; start: claim it first as well
    work: int = 0  # ticks between reading and writing


def load(ctx: TaskContext) -> Iterator[str]:
    """Load the day's orders into `revenue`, as its LoadOptions say."""
    options = LoadOptions(**ctx.params)
    token = None if options.fence == "none" else (f"revenue/{ctx.day}", ctx.attempt)
    if token and options.fence == "start":
        ctx.warehouse.claim(*token)
    yield "started"
    orders = ctx.orders()
    yield "read"
    for _ in range(options.work):
        yield "working"
    tx = ctx.warehouse.begin()
    if options.write == "overwrite":
        tx.delete_day(ctx.day)
    add = tx.upsert if options.write == "upsert" else tx.append
    middle = len(orders) // 2
    add(orders[:middle])
    if not options.transaction:
        tx.commit(token)
    yield "half"
    add(orders[middle:])
    yield "written"
    tx.commit(token)
    yield "committed"


def extract(ctx: TaskContext) -> Iterator[str]:
    """Read the day's orders; skip the rest if there are none."""
    yield "read"
    if not ctx.orders():
        raise Skip
    yield "extracted"


def notify(ctx: TaskContext) -> Iterator[str]:
    """Tell somebody: always works."""
    yield "sent"


def fail(ctx: TaskContext) -> Iterator[str]:
    """Fail every time, with a ValueError."""
    yield "tried"
    raise ValueError("no such column: amount")


def skip(ctx: TaskContext) -> Iterator[str]:
    """Find nothing to do."""
    yield "looked"
    raise Skip


def land(ctx: TaskContext) -> Iterator[str]:
    """Put the day's file where a sensor looks for it."""
    yield "writing"
    tx = ctx.warehouse.begin()
    tx.execute("insert or ignore into landed values (?)", ctx.day)
    tx.commit()
    yield "landed"


def file_landed(ctx: TaskContext) -> bool:
    """Whether the day's file is there."""
    return ctx.warehouse.has_landed(ctx.day)


def all_rows_arrived(ctx: TaskContext) -> bool:
    """Whether all ten orders of the day are there."""
    return len(ctx.orders()) == 10


TASKS: dict[str, TaskFunction] = {
    fn.__name__: fn for fn in (load, extract, notify, fail, skip, land)
}
CONDITIONS: dict[str, Condition] = {fn.__name__: fn for fn in (file_landed, all_rows_arrived)}
