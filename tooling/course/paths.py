"""The three paths of *Start here*: which chapters, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tooling.course.course import Course
from tooling.course.pages import Page, has_meta
from tooling.course.schema import ChapterMeta, Level


@dataclass(frozen=True)
class ReadingPath:
    """The written chapters of some courses, course by course, up to a level."""

    courses: tuple[str, ...]
    levels: tuple[Level, ...] = ("beginner", "intermediate", "advanced")


PATHS = {  # by the directive that lists it
    "path-on-call": ReadingPath(
        (
            "anatomy-of-a-broken-pipeline",
            "idempotency-and-state",
            "pipeline-quality-vs-data-quality",
        )
    ),
    "path-new": ReadingPath(
        (
            "anatomy-of-a-broken-pipeline",
            "dags-tasks-and-the-scheduler-loop",
            "idempotency-and-state",
            "pipeline-quality-vs-data-quality",
            "pipeline-orchestration",
        ),
        ("beginner",),
    ),
    "path-owner": ReadingPath(("scheduler-deep-dive", "airflow-in-production")),
}


def chapters_on(course: Course, path: ReadingPath) -> list[Page[ChapterMeta]]:
    """Return a path's chapters in order; what a chapter needs comes before it."""
    landings = (course.pages.get(f"{folder}/index.md") for folder in path.courses)
    found = (one for page in landings if page for one in course.chapters_of(page))
    return list(with_needs(course, (one for one in found if one.meta.level in path.levels)))


def with_needs(
    course: Course, chapters: Iterable[Page[ChapterMeta]], seen: set[str] | None = None
) -> Iterator[Page[ChapterMeta]]:
    """Walk over chapters, each once, and before each over what it needs."""
    seen = set() if seen is None else seen
    for chapter in chapters:
        if chapter.id not in seen:
            seen.add(chapter.id)
            needs = (course.pages.get(f"{need}.md") for need in chapter.meta.needs)
            wanted = [one for one in needs if one and has_meta(one, ChapterMeta)]
            yield from with_needs(course, wanted, seen)
            yield chapter
