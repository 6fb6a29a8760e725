"""Eight places at which the course's pipeline can be interrupted, and how many it survives."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from types import MappingProxyType
from typing import NamedTuple

from miniorch import DAG, Fault, FaultKind, Orchestrator, RetryPolicy, Settings, Task, TaskContext

MONDAY = datetime(2026, 5, 11, tzinfo=UTC)
ORDERS = {f"order {n}": 100 for n in range(1, 11)}
UPSTREAM: dict[str, tuple[str, ...]] = {
    "load_orders": (),
    "load_costs": (),
    "publish": ("load_orders", "load_costs"),
    "mail": ("publish",),
}
LAST_WEEK = {"revenue": 900.0, "costs": 20.0}
drawn = count(1)

Key = Callable[[str], str]


def row_id(order: str) -> str:
    """Draw a new id, whatever the order."""
    return f"row {next(drawn)}"


def order_id(order: str) -> str:
    """Take the order's own number."""
    return order


class Window(NamedTuple):
    """Where the pipeline is interrupted, and which of the course's ideas closes it."""

    where: str
    closed_by: str
    faults: list[Fault]
    meanwhile: Mapping[str, float] = MappingProxyType({})  # what is another when attempt 2 begins


class Pipeline:
    """Two loads, their figures, and a mail; each task keeps its progress where it is handy."""

    def __init__(self, key: Key, meanwhile: Mapping[str, float]) -> None:
        """Start with no rows; the figures of the week before are published."""
        self.key, self.meanwhile = key, meanwhile
        self.orders: dict[str, int] = {}
        self.costs: list[int] = []
        self.costs_read_until = ""
        self.rate, self.late = 1.0, 0
        self.figures = dict(LAST_WEEK)
        self.mails, self.noted = 0, ""

    # --8<-- [start:tasks]
    def load_orders(self, ctx: TaskContext) -> Iterator[str]:
        """MERGE the day's orders on their key."""
        self.orders.update({self.key(order): eur for order, eur in ORDERS.items()})
        yield "committed"

    def load_costs(self, ctx: TaskContext) -> Iterator[str]:
        """Read what is new since last time, remember how far, and write it."""
        new = [30] if self.costs_read_until < ctx.day else []
        self.costs_read_until = ctx.day
        yield "noted"
        self.costs += new

    def publish(self, ctx: TaskContext) -> Iterator[str]:
        """Replace the figures, at today's exchange rate."""
        if ctx.attempt == 2:
            vars(self).update(self.meanwhile)
        revenue = (sum(self.orders.values()) + self.late) * self.rate
        yield "added up"
        self.figures.pop("revenue", None)
        yield "deleted"
        self.figures["revenue"] = revenue
        yield "revenue published"
        self.figures["costs"] = sum(self.costs)
        yield "published"

    def mail(self, ctx: TaskContext) -> Iterator[str]:
        """Mail the CFO unless it is noted that she has one; the mail server takes no key."""
        sent = self.noted == ctx.day
        yield "looked"
        self.mails += not sent
        yield "sent"
        self.noted = ctx.day

    # --8<-- [end:tasks]
    def left(self) -> str:
        """Say what a reader finds: revenue/costs, and the mails if they are too many."""
        figures = "/".join(
            f"{self.figures[name]:g}" if name in self.figures else "none" for name in LAST_WEEK
        )
        return f"{figures}, {self.mails} mails" if self.mails > 1 else figures


def dies(task: str, at: str) -> list[Fault]:
    """Let the first attempt at a task die at a point."""
    return [Fault(FaultKind.CRASH, task, at=at)]


TWICE = [Fault(FaultKind.DUPLICATE_DELIVERY, "mail")]
MUTE = (FaultKind.LOSE_HEARTBEAT, FaultKind.SLOW)
TWIN = [Fault(kind, "publish", at="added up", seconds=90) for kind in MUTE]
WINDOWS = [
    Window("orders in, not reported", "idempotency key", dies("load_orders", "committed")),
    Window(
        "published, then a new rate",
        "deterministic unit",
        dies("publish", "published"),
        {"rate": 1.02},
    ),
    Window("old figure out, new one not in", "atomic publish", dies("publish", "deleted")),
    Window("revenue published, costs not", "atomic publish", dies("publish", "revenue published")),
    Window("progress noted, rows not in", "watermark", dies("load_costs", "noted")),
    Window("mail sent, not noted", "effectively once", dies("mail", "sent")),
    Window("one message, delivered twice", "effectively once", TWICE),
    Window("given up, wakes with its old sum", "fence", TWIN, {"late": 100}),
]


# --8<-- [start:score]
def found_wrong(key: Key, window: Window) -> str:
    """Return the revenue/costs that a reader finds, if neither last week's nor Monday's."""
    *waiting, end = interrupted(key, window)
    monday = f"{1000 + window.meanwhile.get('late', 0):g}/30"
    wrong = [found for found in waiting if found not in ("900/20", monday)]
    wrong += [] if end == monday else [end]
    told = f", not {monday}" if monday != "1000/30" else ""
    return wrong[0] + told if wrong else ""


def score(key: Key) -> int:
    """Count the windows that the pipeline survives."""
    return sum(not found_wrong(key, window) for window in WINDOWS)


# --8<-- [end:score]
def interrupted(key: Key, window: Window) -> list[str]:
    """Run the night; return what there is whenever no attempt runs, and in the end."""
    pipeline = Pipeline(key, window.meanwhile)
    tasks = [
        Task(name, getattr(pipeline, name), upstream, retry=RetryPolicy(retries=1))
        for name, upstream in UPSTREAM.items()
    ]
    settings = Settings(compare_and_set=window.faults != TWICE)  # else the second one is refused
    machine = Orchestrator([DAG("nightly", tuple(tasks))], window.faults, settings)
    machine.trigger("nightly", MONDAY)
    found = []
    while not found or not machine.idle():
        machine.tick()
        if not machine.schedulers[0].executor.load():
            found.append(pipeline.left())
    return [*found, pipeline.left()]


def picture() -> dict:
    """Draw what the pipeline leaves in each window, and which idea closes it."""
    scores = {f"MERGE on {key.__name__}": f"{score(key)} of 8" for key in (row_id, order_id)}
    frame = {
        "step": "crash windows survived",
        "rows": [row(number, window) for number, window in enumerate(WINDOWS, start=1)],
        "facts": scores,
        "log": [*map(told, WINDOWS), *(f"{name}: {number}" for name, number in scores.items())],
    }
    return {"title": "The score card", "runs": [{"choice": [], "frames": [frame]}]}


def row(number: int, window: Window) -> dict:
    """Draw a window with the key in place."""
    wrong = found_wrong(order_id, window)
    left = {"text": wrong or "survived", "state": "failed" if wrong else "done"}
    idea = {"text": window.closed_by, "state": "idle"}
    return {"label": f"{number}. {window.where}", "cells": [left, idea]}


def told(window: Window) -> str:
    """Say the same in words, and what there was without the key."""
    before, after = (found_wrong(key, window) or "right" for key in (row_id, order_id))
    return f"{window.where}: {before} with row_id, {after} with order_id ({window.closed_by})"


if __name__ == "__main__":
    print(json.dumps(picture(), indent=1))
