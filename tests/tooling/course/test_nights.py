"""The nights of the course agree with the calendar, with the courses and with one another."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.course.nights import NIGHTS, Day, read_nights
from tooling.course.pages import PageError

COURSE = Course.read(ROOT)
WEEK = timedelta(days=7)


def test_each_night_is_of_a_chapter_in_a_course_and_loads_the_day_before() -> None:
    assert {chapter.partition("/")[0] for chapter in COURSE.nights} <= set(COURSE.courses)
    for chapter, night in COURSE.nights.items():
        assert night.night - night.loads == timedelta(days=1), chapter


def test_a_day_has_the_same_figures_wherever_it_is_quoted() -> None:
    days: dict[object, set[tuple[int, int]]] = {}
    for night in COURSE.nights.values():
        for date, day in ((night.loads, night), (night.loads - WEEK, night.a_week_before)):
            days.setdefault(date, set()).add((day.orders, day.revenue))
    assert not {date: found for date, found in days.items() if len(found) > 1}


def test_every_written_chapter_has_a_night() -> None:
    assert {page.id for page in COURSE.chapters} <= set(COURSE.nights)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "not TOML"),
        ('["a/b"]\nnight = 2026-03-14\n', "`orders` of `a/b`: Field required"),
        ('["a/b"]\nnigth = 1\n', "of `a/b`"),
    ],
)
def test_a_table_that_is_wrong_says_where(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / NIGHTS
    file.parent.mkdir(parents=True)
    file.write_text(text)
    with pytest.raises(PageError, match=f"{NIGHTS}:1: .*{says}"):
        read_nights(tmp_path)


def test_a_day_is_sold_in_positive_numbers() -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        Day(orders=0, revenue=1)
