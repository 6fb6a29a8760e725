"""Eight places at which the course's pipeline can be interrupted, and how many it survives."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from miniorch import (
    DAG,
    Fault,
    FaultKind,
    Orchestrator,
    RetryPolicy,
    Settings,
    Task,
    TaskContext,
    Warehouse,
)

MONDAY = datetime(2026, 5, 11, tzinfo=UTC)
ROWS = [(f"order {n:02}", 100) for n in range(1, 11)]
COST = 30
drawn = count(1)

Key = Callable[[str], str]
KEYS: dict[str, Key] = {
    "row_id": lambda order: f"row {next(drawn)}",
    "order_id": lambda order: order,
}


class Night:
    """A night of the pipeline: what it leaves, and what a reader sees while it runs."""

    def __init__(self, key: Key) -> None:
        """Start with an empty warehouse; last week's figure is published."""
        self.key = key
        self.orders: dict[str, int] = {}  # key -> EUR; a MERGE writes to it
        self.costs: list[int] = []
        self.read_until = ""  # a variable of the orchestrator's: how far the costs are read
        self.rate = 1.0  # of the day on which it is asked for
        self.published: dict[str, float] = {"revenue": 900, "costs": 20}
        self.mails: list[str] = []
        self.noted: set[str] = set()

    # --8<-- [start:tasks]
    def load_orders(self, ctx: TaskContext) -> Iterator[str]:
        """MERGE the day's orders on the key."""
        yield "read"
        self.orders.update({self.key(order): eur for order, eur in ROWS})
        yield "committed"

    def load_costs(self, ctx: TaskContext) -> Iterator[str]:
        """Read what is new since last time, remember how far, write."""
        new = [COST] if self.read_until < ctx.day else []
        self.read_until = ctx.day
        yield "remembered"
        self.costs += new
        yield "committed"

    def publish(self, ctx: TaskContext) -> Iterator[str]:
        """Put the day's figures in the place of the last ones."""
        revenue, costs = sum(self.orders.values()) * self.rate, sum(self.costs)
        yield "added up"
        self.published.pop("revenue", None)
        yield "deleted"
        self.published["revenue"] = revenue
        yield "revenue is out"
        self.published["costs"] = costs
        yield "published"

    def mail(self, ctx: TaskContext) -> Iterator[str]:
        """Mail the CFO, unless it is noted that she was; the mail server takes no key."""
        sent = ctx.day in self.noted
        yield "looked"
        if not sent:
            self.mails.append(ctx.day)
            yield "sent"
            self.noted.add(ctx.day)
        yield "noted"

    # --8<-- [end:tasks]
