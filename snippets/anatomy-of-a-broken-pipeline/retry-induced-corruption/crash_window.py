"""Every point at which a load can die, and what one retry makes of it: Crash Window."""

import json
from itertools import product

from miniorch import DAG, INCIDENT, Fault, FaultKind, Orchestrator, RetryPolicy, Task, to_lines
from miniorch.stock import load

WRITES = {"append": "append", "delete and insert": "overwrite", "merge by key": "upsert"}
COMMITS = {"once, at the end": True, "after each half": False}
WINDOWS = {  # points of the stock task `load`
    "": "nowhere",
    "read": "before the write",
    "half": "half-way through the write",
    "written": "before the last commit",
    "committed": "after the last commit, before the report",
}
POINTS = {"read": "read", "half": "half", "written": "rest", "committed": "commit"}
TOLD = ("started", "warehouse", "crashed", "reported")


# --8<-- [start:night]
def run_night(write: str, commit: str, window: str, retries: int = 1) -> Orchestrator:
    """Load ten orders; the first attempt dies in that window, a retry does not."""
    how = {"write": WRITES[write], "transaction": COMMITS[commit]}
    task = Task("load", load, retry=RetryPolicy(retries), params=how)
    faults = [Fault(FaultKind.CRASH, task="load", at=window)] if window else []
    machine = Orchestrator([DAG("revenue", (task,))], faults)
    machine.trigger("revenue", INCIDENT)
    machine.run_until_idle()
    return machine


# --8<-- [end:night]
def frame(write: str, commit: str, window: str) -> dict:
    """Draw one night; without a retry, the warehouse stays as attempt 1 left it."""
    night = run_night(write, commit, window)
    between = run_night(write, commit, window, retries=0)
    nights = {"After attempt 1": between, "In the end": night}
    counts = [rows(night, when.lower()) for when, night in nights.items()]
    told = to_lines(night.store.events(*TOLD))
    return {
        "step": WINDOWS[window],
        "rows": [
            {"label": "Attempt 1", "cells": points(night, 1)},
            {"label": "Attempt 2", "cells": points(night, 2)},
            {"label": "What the orchestrator believes", "cells": beliefs(night)},
            {"label": "The day's rows in the warehouse", "cells": counts},
        ],
        "facts": {when: f"€{n.warehouse.total():,.2f}" for when, n in nights.items()},
        "log": [*(line.partition(" s  ")[2] for line in told), beliefs(night)[-1]["text"]],
    }


def points(night: Orchestrator, attempt: int) -> list[dict]:
    """Say how far an attempt came, and whether it could report."""
    mine = [event for event in night.store.events() if event.attempt == attempt]
    at = [event.detail["label"] for event in mine if event.kind == "point"]
    cells = [{"text": POINTS[point], "state": "done"} for point in at if point in POINTS]
    if any(event.kind == "crashed" for event in mine):
        cells += [{"text": "died", "state": "failed"}]
    elif mine:
        cells += [{"text": "report", "state": "done"}]
    return cells + [{"text": "", "state": "idle"}] * (len(POINTS) + 1 - len(cells))


def beliefs(night: Orchestrator) -> list[dict]:
    """Say what the orchestrator wrote down after each attempt, and of the run."""
    ends = [e.detail["to"] for e in night.store.events("state") if e.detail["was"] == "running"]
    [run] = night.store.runs()
    cells = [{"text": end, "state": "done" if end == "success" else "failed"} for end in ends]
    cells += [{"text": "", "state": "idle"}] * (2 - len(cells))
    return [*cells, {"text": f"run {run.state}", "state": "done"}]


def rows(night: Orchestrator, when: str) -> dict:
    """Count what is committed; any number but ten is worth a look."""
    number = len(night.warehouse.query("select * from revenue"))
    return {"text": f"{number} {when}", "state": "done" if number == 10 else "marked"}


if __name__ == "__main__":
    choices = (("How the task writes", WRITES), ("When it commits", COMMITS))
    simulation = {
        "title": "Crash Window",
        "steps": "Where the worker dies",
        "choices": [{"label": label, "options": list(options)} for label, options in choices],
        "runs": [
            {"choice": list(how), "frames": [frame(*how, window) for window in WINDOWS]}
            for how in product(WRITES, COMMITS)
        ],
    }
    print(json.dumps(simulation, indent=1))
