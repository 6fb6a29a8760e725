"""A write is safe to retry if no crash, no retry and no twin changes what it leaves."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count, product
from uuid import uuid4

from miniorch import (
    DAG,
    Fault,
    FaultKind,
    Orchestrator,
    Order,
    RetryPolicy,
    Task,
    TaskContext,
    Transaction,
)

MONDAY = datetime(2026, 5, 11, tzinfo=UTC)
Write = Callable[[TaskContext], Iterator[str]]


def append(ctx: TaskContext) -> Iterator[str]:
    """Add the day's orders to what the table holds."""
    yield from insert(ctx, ctx.orders(), Transaction.append)


# --8<-- [start:writes]
def append_if_absent(ctx: TaskContext) -> Iterator[str]:
    """Look first, and add only if the day is not there."""
    if not ctx.warehouse.query("select 1 from revenue where day = ?", ctx.day):
        yield from insert(ctx, ctx.orders(), Transaction.append)


def merge_on(key: Callable[[TaskContext, Order], str]) -> Write:
    """Give every order the key made for it, and MERGE on that."""

    def merge(ctx: TaskContext) -> Iterator[str]:
        orders = [replace(order, id=key(ctx, order)) for order in ctx.orders()]
        yield from insert(ctx, orders, Transaction.upsert)

    return merge


# --8<-- [end:writes]
def append_in_halves(ctx: TaskContext) -> Iterator[str]:
    """Append with autocommit: each statement is a transaction of its own."""
    yield from insert(ctx, ctx.orders(), Transaction.append, autocommit=True)


# --8<-- [start:insert]
def insert(
    ctx: TaskContext, orders: list[Order], add: Callable, autocommit: bool = False
) -> Iterator[str]:
    """Send two statements and commit; each yield is a point at which to die."""
    yield "read"
    tx = ctx.warehouse.begin()
    add(tx, orders[:5])
    if autocommit:
        tx.commit()
    yield "half"
    add(tx, orders[5:])
    yield "written"
    tx.commit()
    yield "committed"


# --8<-- [end:insert]
sequence = count(1)  # it lives in the warehouse and outlasts every attempt

# --8<-- [start:bug]
DRAWN = {
    "uuid4()": lambda ctx, order: str(uuid4()),
    "sequence": lambda ctx, order: f"row {next(sequence)}",
    "order + now()": lambda ctx, order: f"{order.id} {ctx.now()}",
}
# --8<-- [end:bug]
# --8<-- [start:fix]
KEPT = {"order number": lambda ctx, order: order.id}
# --8<-- [end:fix]

WINDOWS = ("read", "half", "written", "committed")


# --8<-- [start:night]
def crashes(window: str, retries: int) -> list[Fault]:
    """Let that many attempts die in the same window; the one after them lives."""
    tries = range(1, retries + 1)
    return [Fault(FaultKind.CRASH, task="load", attempt=n, at=window) for n in tries]


def rows_left(write: Write, faults: list[Fault]) -> list[tuple]:
    """Run the day with these faults; return what a reader then finds."""
    task = Task("load", write, retry=RetryPolicy(retries=3))
    machine = Orchestrator([DAG("revenue", (task,))], faults)
    machine.trigger("revenue", MONDAY)
    machine.run_until_idle()
    return [tuple(row) for row in machine.warehouse.query("select day, cents from revenue")]


TWIN = [  # attempt 1 reads, hangs, is given up, and wakes up later
    Fault(FaultKind.LOSE_HEARTBEAT, task="load", at="read", seconds=90),
    Fault(FaultKind.SLOW, task="load", at="read", seconds=90),
]
NIGHTS = [crashes(*night) for night in product(WINDOWS, (1, 2, 3))] + [TWIN]


# --8<-- [end:night]
# --8<-- [start:property]
def safe_to_retry(write: Write) -> bool:
    """Compare what every night leaves with what one clean run leaves."""
    clean = rows_left(write, faults=[])
    return all(rows_left(write, night) == clean for night in NIGHTS)


# --8<-- [end:property]
WRITES: dict[str, Write] = {
    "append, autocommit": append_in_halves,
    "append": append,
    "append if absent": append_if_absent,
    **{f"MERGE on {name}": merge_on(key) for name, key in (DRAWN | KEPT).items()},
}

if __name__ == "__main__":
    print(f"{'rows left by 3 deaths':<23}read  half  written  committed  twin  safe")
    for name, write in WRITES.items():
        nights = [crashes(window, retries=3) for window in WINDOWS] + [TWIN]
        left = [len(rows_left(write, night)) for night in nights]
        safe = "yes" if safe_to_retry(write) else "no"
        print("{:<23}{:<6}{:<6}{:<9}{:<11}{:<6}{}".format(name, *left, safe))
