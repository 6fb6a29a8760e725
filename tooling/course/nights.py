"""The nights of Tallow & Pine as data: the date and the figures that each chapter's story has."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field, PositiveInt, TypeAdapter

from tooling.course.chapter_tables import read_tables
from tooling.course.schema import Closed

NIGHTS = "tooling/course/nights.toml"  # below the root


class Day(Closed):
    """What the shop sold on one day: a number of orders, and their revenue in euros."""

    orders: PositiveInt
    revenue: PositiveInt


class Night(Day):
    """A chapter's night: when somebody is paged, the day it is about, and what was sold."""

    night: date
    loads: date
    a_week_before: Day
    note: str = ""
    also: dict[str, PositiveInt] = Field(
        default_factory=dict
    )  # further figures of the story, each by what it counts


def read_nights(root: Path) -> dict[str, Night]:
    """Read the nights by the id of their chapter; PageError says what is wrong."""
    return read_tables(root, NIGHTS, TypeAdapter(dict[str, Night]))
