"""Break the shop's export, the worker or both: two lights, a quadrant, and who acts first."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import Any

from miniorch import (
    DAG,
    Event,
    FakeClock,
    Fault,
    FaultKind,
    Orchestrator,
    Order,
    Settings,
    Task,
    TaskContext,
)

MIDNIGHT = datetime(2026, 1, 23, tzinfo=UTC)
STEPS = {
    "03:20": "03:20",
    "03:30": "03:30, the run is due",
    "03:45": "03:45",
    "06:10": "06:10, the data is due",
}
RUN_DUE, DATA_DUE, END = "03:30", "06:10", "06:20"
# The half hour of the run is drawn wider than the hours after it: time, hundredths of the width.
SCALE = [("03:10", 0), ("03:45", 65), (END, 100)]
LEDGER = (10, 1_000_00)  # orders and cents
WORK = Fault(FaultKind.SLOW, "load_orders", at="work", seconds=13 * 60)
LATE = Fault(FaultKind.SLOW, "load_orders", at="asks for the export", seconds=15 * 60)
SHOP = {  # cents of an order in the column of euros, and what becomes of the load
    "as usual": (100_00, []),
    "columns swapped": (109_00, []),
    "delivered late": (100_00, [LATE]),
}
WORKER = {  # where it dies
    "as usual": [],
    "dies after the commit": [Fault(FaultKind.CRASH, "load_orders", at="committed")],
    "dies before the commit": [Fault(FaultKind.CRASH, "load_orders", at="read")],
}
ACTS_FIRST = {
    ("well", "right"): "nobody",
    ("well", "wrong"): "data's owner",
    ("sick", "right"): "a ticket",
    ("sick", "wrong"): "pipeline's owner",
}
TOLD = {
    "slowed": "the load waits for the export",
    "warehouse": "the load commits",
    "crashed": "the worker dies",
    "run_success": "the run ends in success",
    "run_failed": "the run ends in failure",
}


def load_orders(ctx: TaskContext) -> Iterator[str]:
    """Replace the day with what the export holds."""
    yield "asks for the export"
    yield "work"
    orders = [Order(ctx.day, order.id, ctx.params["cents"]) for order in ctx.orders()]
    yield "read"
    tx = ctx.warehouse.begin()
    tx.overwrite(ctx.day, orders)
    tx.commit()
    yield "committed"


class Night:
    """One night on miniorch, stopped wherever a frame is drawn."""

    def __init__(self, shop: str, worker: str) -> None:
        """Trigger the run at 03:12, with what is broken."""
        (cents, faults), self.seen = SHOP[shop], 0
        load = Task("load_orders", load_orders, params={"cents": cents})
        self.machine = Orchestrator(
            [DAG("revenue", (load,))],
            [WORK, *faults, *WORKER[worker]],
            Settings(tick_seconds=10),
            FakeClock(at("03:12")),
        )
        self.machine.trigger("revenue", MIDNIGHT - timedelta(days=1))

    def pipeline(self) -> str:
        """Ask the event log: success in time, or failed, or late?"""
        ends = self.machine.store.events("run_success", "run_failed")
        if any(end.kind == "run_success" and end.at <= at(RUN_DUE) for end in ends):
            return "well"
        return "sick" if ends or self.machine.clock.time >= at(RUN_DUE) else "not due yet"

    def data(self) -> str:
        """Ask the table, once the data is due."""
        if self.machine.clock.time < at(DATA_DUE):
            return "not due yet"
        [row] = self.machine.warehouse.query("select count(*), sum(cents) from revenue")
        return "right" if tuple(row) == LEDGER else "wrong"

    def frames(self) -> Iterator[dict[str, Any]]:
        """Let the night pass from step to step, and draw each."""
        for time, step in STEPS.items():
            self.machine.run_until(at(time))
            here = self.pipeline(), self.data()
            yield {
                "step": step,
                "at": place(time),
                "rows": [quadrants(side, here) for side in ("well", "sick")],
                "facts": {
                    "Figure": f"€{self.machine.warehouse.total():,.2f}",
                    "Acts first": ACTS_FIRST.get(here, "open"),
                },
                "log": [*self.news(), f"Pipeline: {here[0]}. Data: {here[1]}."],
            }

    def news(self) -> Iterator[str]:
        """Tell what happened since the last frame, as far as a light depends on it."""
        events = self.machine.store.events()
        news, self.seen = events[self.seen :], len(events)
        for event in news:
            if event.kind in TOLD and event.detail.get("lasts") != f"{WORK.seconds} s":
                yield f"{event.at:%H:%M}, {TOLD[event.kind]}"

    def first(self, *kinds: str, label: str = "") -> Event | None:
        """Find the first event of these kinds."""
        events = self.machine.store.events(*kinds)
        return next((e for e in events if label in ("", e.detail.get("label"))), None)

    def bars(self) -> Iterator[dict[str, Any]]:
        """Draw the run, and the table from the commit on."""
        asked, work = self.first("run_created"), self.first("point", label="work")
        end, commit = self.first("run_success", "run_failed"), self.first("warehouse")
        waited = work.at > asked.at + timedelta(minutes=1)
        if waited:
            yield bar("The run", asked, work, "waiting", "waits")
        state = "done" if end.kind == "run_success" else "failed"
        yield bar("The run", work, end, state, "" if waited else "works")
        if commit:
            text = f"€{self.machine.warehouse.total():,.2f}"
            yield bar(
                "The table", commit, None, "done" if self.data() == "right" else "failed", text
            )

    def lights(self) -> Iterator[dict[str, Any]]:
        """Draw each light at its hour."""
        for lane, due, name, shows in (
            ("The run", RUN_DUE, "Pipeline", self.pipeline()),
            ("The table", DATA_DUE, "Data", self.data()),
        ):
            state = "done" if shows in ("well", "right") else "failed"
            yield {"lane": lane, "at": place(due), "state": state, "text": f"{name}: {shows}"}


def at(time: str) -> datetime:
    """Return a time of this night."""
    hour, minute = time.split(":")
    return MIDNIGHT + timedelta(hours=int(hour), minutes=int(minute))


def place(time: str) -> float:
    """Return where a time lies on the axis."""
    for (start, left), (end, right) in pairwise(SCALE):
        if at(time) <= at(end):
            share = (at(time) - at(start)) / (at(end) - at(start))
            return round(left + share * (right - left), 1)
    raise ValueError(f"{time} is not on the axis")


def bar(lane: str, start: Event, end: Event | None, state: str, text: str) -> dict[str, Any]:
    """Draw something that takes time."""
    times = {
        "start": place(f"{start.at:%H:%M}"),
        "end": place(f"{end.at:%H:%M}" if end else DATA_DUE),
    }
    return {"lane": lane, **times, "state": state, "text": text}


def quadrants(side: str, here: tuple[str, str]) -> dict[str, Any]:
    """Draw the two quadrants of a pipeline that is well, or sick."""
    cells = [
        {"text": f"data {data}", "state": "marked" if (side, data) == here else "idle"}
        for data in ("right", "wrong")
    ]
    return {"label": f"Pipeline {side}", "cells": cells}


def run(shop: str, worker: str) -> dict[str, Any]:
    """Play one night, draw it, and ask before its second step how it ends."""
    night = Night(shop, worker)
    frames = list(night.frames())
    frames[0]["question"] = question(night, shop, worker)
    bars, lights = list(night.bars()), list(night.lights())
    return {"choice": [shop, worker], "bars": bars, "events": lights, "frames": frames}


def question(night: Night, shop: str, worker: str) -> dict[str, Any]:
    """Ask for the quadrant; the night that was played has the answer."""
    (end,) = night.machine.store.events("run_success", "run_failed")
    ended = "success" if end.kind == "run_success" else "failure"
    because = {
        "pipeline": f"The run ended in {ended} at {end.at:%H:%M}, and it was due at {RUN_DUE}.",
        "data": f"At {DATA_DUE} the table held €{night.machine.warehouse.total():,.2f}, "
        "and the ledger €1,000.00.",
    }
    return {
        "asks": f"Export: {shop}. Worker: {worker}. What will the two lights show?",
        "answers": [
            answer(pipeline, data, (night.pipeline(), night.data()), because)
            for pipeline, data in ACTS_FIRST
        ],
    }


def answer(pipeline: str, data: str, ends: tuple[str, str], because: dict) -> dict[str, Any]:
    """Say whether a guess is right, and why, first of what it is wrong about."""
    wrong = [because["pipeline"]] * (pipeline != ends[0]) + [because["data"]] * (data != ends[1])
    why = " ".join(wrong or because.values())
    given = {"text": f"Pipeline {pipeline}, data {data}", "because": why}
    return given if wrong else {**given, "right": True}


choices = {"The shop's export": SHOP, "The worker": WORKER}
simulation = {
    "title": "Quadrant",
    "steps": "The night, up to",
    "choices": [{"label": label, "options": list(of)} for label, of in choices.items()],
    "axis": {
        "label": "time; the half hour of the run is wider",
        "start": SCALE[0][1],
        "end": SCALE[-1][1],
        "ticks": [[place(time), time] for time in ("03:12", "03:30", "06:10")],
    },
    "lanes": ["The run", "The table"],
    "runs": [run(*choice) for choice in product(*choices.values())],
}

if __name__ == "__main__":
    print(json.dumps(simulation, indent=1, ensure_ascii=False))
