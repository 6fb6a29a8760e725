"""What is to come: a course's page lists the chapters that are not written yet."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.course.chapter_tables import line_of
from tooling.course.course import Course
from tooling.course.planned import PLANNED
from tooling.rules import Problem, rule


@rule
def planned_is_not_written(course: Course) -> Iterator[Problem]:
    """A chapter that is written does not stand in `tooling/course/planned.toml` any more."""
    for page in course.chapters:
        if page.id in course.planned:
            line = line_of(course.root / PLANNED, page.id)
            what = f"`{page.id}` is planned, and written"
            yield Problem(PLANNED, line, what, "take its table out; its page says all of it")
