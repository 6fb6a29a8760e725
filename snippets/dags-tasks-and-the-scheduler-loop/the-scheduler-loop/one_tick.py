"""Two schedulers read one row; what each may then write decides how often its task starts."""

import json
from collections.abc import Iterator
from itertools import product

from miniorch import DAG, INCIDENT, Orchestrator, Settings, Task, TaskContext, to_frames, to_lines

SCHEDULERS = {"two": 2, "one": 1}
COMPARE_AND_SET = {"off": False, "on": True}
TOLD = {  # what a scheduler has just done, by the event that shows it
    "run_success": ("sees that the run has ended", "done"),
    "refused": ("is refused: the row has moved on", "skipped"),
    "started": ("starts load_orders on {}", "running"),
    "warehouse": ("has {} write ten orders", "running"),
    "reported": ("hears from {}: success", "done"),
}
SHOWN = {"none": "idle", "scheduled": "waiting", "running": "running", "success": "done"}


def load_orders(ctx: TaskContext) -> Iterator[str]:
    """Append the day's ten orders of EUR 100.00."""
    yield "reads orders"
    tx = ctx.warehouse.begin()
    tx.append(ctx.orders())
    tx.commit()
    yield "has written"


def night(schedulers: str, compare_and_set: str) -> Orchestrator:
    """One task is due; every scheduler has a worker of its own."""
    choice = {"compare_and_set": COMPARE_AND_SET[compare_and_set], "workers": 1}
    settings = Settings(schedulers=SCHEDULERS[schedulers], **choice)
    machine = Orchestrator([DAG("nightly", (Task("load_orders", load_orders),))], (), settings)
    machine.trigger("nightly", INCIDENT)
    return machine


def steps(machine: Orchestrator) -> Iterator[tuple[str, str]]:
    """Run to the end; pause wherever one scheduler stops and the other gets its turn."""
    tick = 0
    while not machine.idle():
        tick += 1
        loops = dict(zip("AB", [one.loop() for one in machine.schedulers], strict=False))
        for does, name in product(("looks", "acts"), loops):
            next(loops[name], None)
            yield name, f"tick {tick}: {name} {does}"
        machine.clock.advance(machine.settings.tick_seconds)


def frames(machine: Orchestrator) -> Iterator[dict]:
    """Draw every step at which a scheduler has found or done something."""
    said = {"A": ("is about to look", "idle"), "B": ("is about to look", "idle")}
    if len(machine.schedulers) == 1:
        said["B"] = ("is not there", "idle")
    seen = len(machine.store.events())
    yield frame(machine, "due: ten orders, €1,000.00", said, seen)
    for name, step in steps(machine):
        new = machine.store.events()[seen:]
        done = (event for event in new if event.kind in TOLD)
        if event := next(done, None):
            text, state = TOLD[event.kind]
            again = name == "B" and len(machine.store.events("started")) == 2
            said[name] = text.format(event.worker), "marked" if again else state
        elif machine.store.task_instances("scheduled"):
            said[name] = "sees load_orders: scheduled", "waiting"
        else:
            continue  # it has looked, and there was nothing to do
        yield frame(machine, step, said, len(new))
        seen += len(new)


def frame(machine: Orchestrator, step: str, said: dict[str, tuple], new: int) -> dict:
    """Draw the schedulers, the row that they share, and their workers."""
    events = machine.store.events()
    [ti] = machine.store.task_instances()
    lanes = {worker: lane for worker, lane in to_frames(events)[-1]["lanes"].items() if lane}
    rows = {f"Scheduler {name}": [cell] for name, cell in said.items()}
    rows["The task's row in their database"] = [(f"load_orders: {ti.state}", SHOWN[ti.state])]
    rows["Their workers"] = [
        (f"{w}: {lanes[w]['at']}", "running") if w in lanes else (w, "idle") for w in ("w1", "w2")
    ]
    lines = [line.partition(" s  ")[2] for line in to_lines(events)]
    return {
        "step": step,
        "rows": [
            {"label": label, "cells": [{"text": text, "state": state} for text, state in cells]}
            for label, cells in rows.items()
        ],
        "facts": {
            "Task started": f"{len(machine.store.events('started'))}×",
            "Run": machine.store.runs()[0].state,
            "Revenue": f"€{machine.warehouse.total():,.2f}",
        },
        "log": lines[len(lines) - new :] or ["nothing is written"],
    }


if __name__ == "__main__":
    choices = {"Schedulers": SCHEDULERS, "Compare-and-set": COMPARE_AND_SET}
    simulation = {
        "title": "One Tick: who starts the task?",
        "steps": "Step",
        "choices": [{"label": label, "options": list(of)} for label, of in choices.items()],
        "runs": [
            {"choice": list(choice), "frames": list(frames(night(*choice)))}
            for choice in product(*choices.values())
        ],
    }
    print(json.dumps(simulation, indent=1, ensure_ascii=False))
