"""A path has the written chapters of its courses, and what a chapter needs comes first."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.course.pages import DIRECTIVES
from tooling.course.paths import PATHS, ReadingPath, chapters_on
from tooling.course.reading import reading_minutes

COURSE = Course.read(ROOT)
FIXTURE = Course.read(ROOT / "tests" / "fixtures" / "course")
ALL = ReadingPath(("pipelines",))
MINUTES = 6  # what *Start here* promises for its first half


def with_chapters(**chapters: tuple[str, Sequence[str]]) -> Course:
    """The fixture course with these chapters in this order, each with a level and its needs."""
    first = FIXTURE.chapters[0]
    section = FIXTURE.section_of("pipelines/index.md")
    assert section
    pages = dict(FIXTURE.pages)
    for name, (level, needs) in chapters.items():
        update = {"level": level, "needs": [f"pipelines/{need}" for need in needs]}
        page = dataclasses.replace(first, uri=f"pipelines/{name}.md")
        pages[page.uri] = dataclasses.replace(page, meta=first.meta.model_copy(update=update))
    items = ["pipelines/index.md", *(f"pipelines/{name}.md" for name in chapters)]
    nav = dataclasses.replace(FIXTURE.nav, items=[dataclasses.replace(section, items=items)])
    return dataclasses.replace(FIXTURE, pages=pages, nav=nav)


def ids(course: Course, path: ReadingPath) -> list[str]:
    return [chapter.id.partition("/")[2] for chapter in chapters_on(course, path)]


def test_a_path_keeps_the_order_of_nav() -> None:
    course = with_chapters(b=("beginner", ()), a=("advanced", ()))
    assert ids(course, ALL) == ["b", "a"]


def test_what_is_needed_comes_first_and_once() -> None:
    needs = {"a": ("beginner", ["c"]), "b": ("beginner", ["c", "a"]), "c": ("beginner", ())}
    assert ids(with_chapters(**needs), ALL) == ["c", "a", "b"]


def test_a_path_for_beginners_has_no_other_chapter_unless_one_needs_it() -> None:
    beginners = ReadingPath(("pipelines",), ("beginner",))
    course = with_chapters(a=("beginner", ["b"]), b=("advanced", ()), c=("advanced", ()))
    assert ids(course, beginners) == ["b", "a"]


def test_a_course_without_a_chapter_is_passed_over() -> None:
    assert ids(FIXTURE, ReadingPath(("no-such-course",))) == []


@pytest.mark.parametrize("name", PATHS)
def test_the_paths_name_courses_and_lead_somewhere(name: str) -> None:
    assert name in DIRECTIVES
    assert set(PATHS[name].courses) <= set(COURSE.courses)
    assert chapters_on(COURSE, PATHS[name])


def test_somebody_new_reads_silent_success_first() -> None:
    first, *_ = chapters_on(COURSE, PATHS["path-new"])
    assert first.id == "anatomy-of-a-broken-pipeline/silent-success"


def test_start_here_takes_the_minutes_that_it_promises() -> None:
    page = COURSE.pages["start.md"]
    primer = dataclasses.replace(page, text=page.text.partition("## Three paths")[0])
    assert "Six minutes" in primer.text
    assert abs(reading_minutes(primer, ROOT) - MINUTES) <= MINUTES / 4
