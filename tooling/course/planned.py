"""The chapters that are still to be written, as data: what a course's page says of them."""

from __future__ import annotations

from pathlib import Path

from pydantic import PositiveInt, TypeAdapter

from tooling.course.chapter_tables import read_tables
from tooling.course.schema import Closed

PLANNED = "tooling/course/planned.toml"  # below the root


class Planned(Closed):
    """A chapter to come: its title, its minutes, and what its reader can do afterwards."""

    title: str
    minutes: PositiveInt
    promise: str


def read_planned(root: Path) -> dict[str, Planned]:
    """Read the chapters to come by their ids, in order; PageError says what is wrong."""
    return read_tables(root, PLANNED, TypeAdapter(dict[str, Planned]))
