"""The nights of Tallow & Pine as data: the date and the figures that each chapter's story has."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from pydantic import Field, PositiveInt, TypeAdapter, ValidationError

from tooling.course.pages import PageError
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
    file = root / NIGHTS
    if not file.is_file():
        return {}
    try:
        return TypeAdapter(dict[str, Night]).validate_python(tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PageError(NIGHTS, 1, f"not TOML ({error}); fix it") from error
    except ValidationError as error:
        first = error.errors()[0]
        chapter, *keys = [str(part) for part in first["loc"]]
        message = f"`{'.'.join(keys)}` of `{chapter}`: {first['msg']}; fix it"
        raise PageError(NIGHTS, _line_of(file, chapter), message) from error


def _line_of(file: Path, chapter: str) -> int:
    """Return the line of a chapter's table, or the first."""
    rows = enumerate(file.read_text("utf-8").splitlines(), 1)
    return next((number for number, row in rows if row.strip() == f'["{chapter}"]'), 1)
