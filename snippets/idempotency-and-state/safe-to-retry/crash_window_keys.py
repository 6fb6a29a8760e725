"""Where a billing task can die, and what one retry charges: Crash Window with keys."""

import json
from collections.abc import Iterator
from random import Random
from uuid import UUID

from miniorch import (
    DAG,
    INCIDENT,
    Fault,
    FaultKind,
    Orchestrator,
    RetryPolicy,
    Task,
    TaskContext,
    to_lines,
)

CUSTOMERS = range(1, 11)  # a renewal costs each EUR 100.00
KEYS = ("no key", "drawn by each attempt", "derived from the intent")
WINDOWS = {  # point of the task: where it dies
    "": "nowhere",
    "start": "before the first charge",
    "4 paid": "after the fourth charge",
    "10 paid": "after the last, before the report",
}
TOLD = ("started", "crashed", "reported")
Cell = tuple[str, str]  # text, state


# --8<-- [start:night]
class Billing:
    """One night: a task that charges ten customers, and a provider that knows keys."""

    def __init__(self, key: str, window: str, retries: int = 1) -> None:
        """Run it; the first attempt dies in that window, a retry does not."""
        self.key, self.random = key, Random(14)
        self.sent: dict[tuple[int, int], str] = {}  # attempt, customer -> key
        self.charges: dict[str, int] = {}  # key -> customer
        task = Task("charge_renewals", self.charge_renewals, retry=RetryPolicy(retries))
        faults = [Fault(FaultKind.CRASH, task=task.id, at=window)] if window else []
        self.machine = Orchestrator([DAG("billing", (task,))], faults)
        self.machine.trigger("billing", INCIDENT)
        self.machine.run_until_idle()

    def charge_renewals(self, ctx: TaskContext) -> Iterator[str]:
        """Send one request for each customer; the provider ignores a key it has seen."""
        yield "start"
        for customer in CUSTOMERS:
            key = self.sent[ctx.attempt, customer] = self.make_key(ctx, customer)
            seen_as = key if key != "no key" else f"request {len(self.charges)}"
            self.charges.setdefault(seen_as, customer)
            yield f"{customer} paid"

    def make_key(self, ctx: TaskContext, customer: int) -> str:
        """Make the key of one request; drawn as uuid4() does, from a fixed seed."""
        match self.key:
            case "drawn by each attempt":
                return str(UUID(int=self.random.getrandbits(128), version=4))
            case "derived from the intent":
                return f"{ctx.day}/{customer:02}"
            case _:
                return "no key"


# --8<-- [end:night]
def frame(key: str, window: str) -> dict:
    """Draw one night; without a retry, the charges stay as attempt 1 left them."""
    night, between = Billing(key, window), Billing(key, window, retries=0)
    counts = [count(between, "after attempt 1"), count(night, "in the end")]
    charged = list(night.charges.values())
    twice = sum(charged.count(customer) > 1 for customer in CUSTOMERS)
    told = [line.partition(" s  ")[2] for line in to_lines(night.machine.store.events(*TOLD))]
    sent = ", then ".join(text for text, _ in keys(night) if text)
    return {
        "step": WINDOWS[window],
        "rows": [
            row("Attempt 1", 4, points(night, 1)),
            row("Attempt 2", 4, points(night, 2)),
            row("Key of customer 4, attempts 1 and 2", 2, keys(night)),
            row("What the orchestrator believes", 3, beliefs(night)),
            row("Charges at the provider", 2, counts),
        ],
        "facts": {"Charged": f"€{100 * len(charged):,.2f}", "Charged twice": f"{twice} of 10"},
        "log": [
            *told,
            beliefs(night)[-1][0],
            f"key of customer 4: {sent}",
            *(f"charges: {text}" for text, _ in counts),
        ],
    }


def row(label: str, width: int, cells: list[Cell]) -> dict:
    """Make a row of so many cells; what was not reached is empty."""
    padded = cells + [("", "idle")] * (width - len(cells))
    return {"label": label, "cells": [{"text": text, "state": state} for text, state in padded]}


def points(night: Billing, attempt: int) -> list[Cell]:
    """Say how far an attempt came, and whether it could report."""
    mine = [event for event in night.machine.store.events() if event.attempt == attempt]
    at = [event.detail["label"] for event in mine if event.kind == "point"]
    died = any(event.kind == "crashed" for event in mine)
    ends = [("died", "failed") if died else ("report", "done")] if mine else []
    return [(point, "done") for point in at if point in WINDOWS] + ends


def keys(night: Billing) -> list[Cell]:
    """Show what was sent for customer 4; a second key is a second charge."""
    one, two = (night.sent.get((attempt, 4), "") for attempt in (1, 2))
    again = "changed" if one and two != one else "done"
    return [(one[:13], "done" if one else "idle"), (two[:13], again if two else "idle")]


def beliefs(night: Billing) -> list[Cell]:
    """Say what the orchestrator wrote down of each attempt, and of the run."""
    store = night.machine.store
    ends = [e.detail["to"] for e in store.events("state") if e.detail["was"] == "running"]
    cells = [(end, "done" if end == "success" else "failed") for end in ends]
    gap = [("", "idle")] * (2 - len(cells))
    return [*cells, *gap, (f"run {store.runs()[0].state}", "done")]


def count(night: Billing, when: str) -> Cell:
    """Count the charges; any number but ten is worth a look."""
    number = len(night.charges)
    return f"{number} {when}", "done" if number == 10 else "marked"


if __name__ == "__main__":
    simulation = {
        "title": "Crash Window, with keys",
        "steps": "Where the worker dies",
        "choices": [{"label": "How the key is made", "options": list(KEYS)}],
        "runs": [{"choice": [key], "frames": [frame(key, at) for at in WINDOWS]} for key in KEYS],
    }
    print(json.dumps(simulation, indent=1))
