"""Three days of the pipeline that a fault, since corrected, has left as the page writes them.

An end such as `1000/500` is the EUR in a day's rows and in its figure. The days are kept in a
file, since some tools run a task in a process of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DAYS = ("2026-03-11", "2026-03-12", "2026-03-13")
EUR = 1000
RIGHT, HALVED = "1000/1000", "500/500"


def begin(*ends: str, appends: bool = False) -> None:
    """Leave each day as this says, with a load that replaces its day or adds to it."""
    days = {day: [int(eur) for eur in end.split("/")] for day, end in zip(DAYS, ends, strict=True)}
    file().write_text(json.dumps({"appends": appends, "days": days}), encoding="utf-8")


def ends() -> list[str]:
    """Read how each day ends."""
    with stored() as night:
        return [f"{rows}/{figure}" for rows, figure in night["days"].values()]


def load_orders(day: str) -> None:
    """Load the orders of a day."""
    with stored() as night:
        kept = night["days"][day][0] if night["appends"] else 0
        night["days"][day][0] = kept + EUR


def add_up(day: str) -> None:
    """Add up the rows of a day."""
    with stored() as night:
        night["days"][day][1] = night["days"][day][0]


@contextmanager
def stored() -> Iterator[dict]:
    """Open the file, and keep what is changed in it."""
    night = json.loads(file().read_text(encoding="utf-8"))
    yield night
    file().write_text(json.dumps(night), encoding="utf-8")


def file() -> Path:
    """Name the file that holds the days; a tool's processes inherit it."""
    return Path(os.environ["DAYS"])
