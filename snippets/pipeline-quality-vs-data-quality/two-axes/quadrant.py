"""Break the shop's export or the worker: two lights, a quadrant, and who is woken."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import miniorch
from miniorch import DAG, INCIDENT, Event, Fault, FaultKind, Orchestrator, Settings, Task

MOMENTS = {"03:20": 20, "03:30, run due": 30, "06:00, data due": 180}
START = INCIDENT + timedelta(minutes=12)
RUN_DUE, DATA_DUE = INCIDENT + timedelta(minutes=30), INCIDENT + timedelta(hours=3)
LEDGER = (10, 1_000_00)  # orders and cents
# Cents of an order in the column of EUR, and how long the load stands still.
SHOP = {
    "as usual": (100_00, 0),
    "EUR/USD swapped": (109_00, 0),
    "delivered again": (100_00, 1680),
}
WORKER = {  # the point of the load at which it dies
    "as usual": "",
    "dies after the commit": "committed",
    "dies before it": "read",
}
WAKES = {
    ("well", "right"): "nobody",
    ("well", "wrong"): "data's owner",
    ("sick", "right"): "nobody; a ticket",
    ("sick", "wrong"): "pipeline's owner",
}
TOLD = {
    "slowed": "the load waits for the second delivery",
    "warehouse": "the load commits",
    "crashed": "the worker dies",
    "run_success": "the run ends in success",
    "run_failed": "the run ends in failure",
}
COLOUR = {"well": "done", "right": "done", "sick": "failed", "wrong": "failed"}


def load_orders(ctx: miniorch.TaskContext) -> Iterator[str]:
    """Replace the day by what the export holds."""
    orders = [miniorch.Order(ctx.day, order.id, ctx.params["cents"]) for order in ctx.orders()]
    yield "read"
    tx = ctx.warehouse.begin()
    tx.overwrite(ctx.day, orders)
    tx.commit()
    yield "committed"


def start(shop: str, worker: str) -> Orchestrator:
    """Trigger the run of one night at 03:12, with its faults."""
    (cents, seconds), at = SHOP[shop], WORKER[worker]
    faults = []
    if seconds:
        faults += [Fault(FaultKind.SLOW, "load_orders", at="read", seconds=seconds)]
    if at:
        faults += [Fault(FaultKind.CRASH, "load_orders", at=at)]
    load = Task("load_orders", load_orders, params={"cents": cents})
    clock, minutely = miniorch.FakeClock(START), Settings(tick_seconds=60)
    machine = Orchestrator([DAG("revenue", (load,))], faults, minutely, clock)
    machine.trigger("revenue", INCIDENT - timedelta(days=1))
    return machine


def pipeline_light(machine: Orchestrator) -> str:
    """Ask the event log: success in time, or failed, or late?"""
    ends = machine.store.events("run_success", "run_failed")
    if any(end.kind == "run_success" and end.at <= RUN_DUE for end in ends):
        return "well"
    return "sick" if ends or machine.clock.time >= RUN_DUE else "not due yet"


def data_light(machine: Orchestrator) -> str:
    """Ask the table, once the data is due."""
    if machine.clock.time < DATA_DUE:
        return "not due yet"
    [row] = machine.warehouse.query("select count(*), sum(cents) from revenue")
    return "right" if tuple(row) == LEDGER else "wrong"


def frames(machine: Orchestrator) -> Iterator[dict[str, Any]]:
    """Let the night pass from moment to moment, and draw each."""
    for step, minutes in MOMENTS.items():
        seen = len(machine.store.events())
        machine.run_until(INCIDENT + timedelta(minutes=minutes))
        here = pipeline_light(machine), data_light(machine)
        news = told(machine.store.events()[seen:])
        wakes = WAKES.get(here, "nobody yet")
        yield {
            "step": step,
            "rows": [lamp("Pipeline light", here[0]), lamp("Data light", here[1])]
            + [quadrants(side, here) for side in ("well", "sick")],
            "facts": {"Figure": f"€{machine.warehouse.total():,.2f}", "Wakes": wakes},
            "log": [*news, f"Pipeline: {here[0]}. Data: {here[1]}."],
        }


def told(events: list[Event]) -> list[str]:
    """Tell what happened, as far as a light or a figure depends on it."""
    known = [event for event in events if event.kind in TOLD]
    return [f"{event.at:%H:%M}, {TOLD[event.kind]}" for event in known]


def lamp(label: str, shows: str) -> dict[str, Any]:
    """Draw one light."""
    cell = {"text": shows, "state": COLOUR.get(shows, "waiting")}
    return {"label": label, "cells": [cell]}


def quadrants(side: str, here: tuple[str, str]) -> dict[str, Any]:
    """Draw the two quadrants of a pipeline that is well, or sick."""
    cells = [
        {"text": f"data {data}", "state": "marked" if (side, data) == here else "idle"}
        for data in ("right", "wrong")
    ]
    return {"label": f"Pipeline {side}", "cells": cells}


choices = {"The shop's export": SHOP, "The worker": WORKER}
simulation = {
    "title": "Quadrant",
    "steps": "The night, up to",
    "choices": [{"label": label, "options": list(of)} for label, of in choices.items()],
    "runs": [
        {"choice": list(choice), "frames": list(frames(start(*choice)))}
        for choice in product(*choices.values())
    ],
}

if __name__ == "__main__":
    print(json.dumps(simulation, indent=1))
