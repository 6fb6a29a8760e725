"""The lists that lead a reader through the course show what is written, and nothing else."""

from __future__ import annotations

import dataclasses
from datetime import date

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.course.pages import DIRECTIVES, MORE, Page
from tooling.course.schema import ChapterMeta
from tooling.site import routes

COURSE = Course.read(ROOT / "tests" / "fixtures" / "course")
PAGE = COURSE.pages["index.md"]
CHAPTER = COURSE.chapters[0]
MEMBERS = dataclasses.replace(CHAPTER, text=f"{CHAPTER.text}\n{MORE}\n")
FREE = dataclasses.replace(CHAPTER, text=CHAPTER.text.replace(MORE, ""))


def test_every_directive_is_one_that_a_page_may_have() -> None:
    assert set(routes.DIRECTIVES) <= set(DIRECTIVES)


def course_with(*nights: tuple[str, date]) -> Course:
    """The fixture course with these chapters, each with its night."""
    section = COURSE.section_of("pipelines/index.md")
    assert section
    written = [chapter(name, night) for name, night in nights]
    items = [section.pages[0], *(page.uri for page in written)]
    nav = dataclasses.replace(COURSE.nav, items=[dataclasses.replace(section, items=items)])
    pages = {PAGE.uri: PAGE, section.pages[0]: COURSE.pages[section.pages[0]]}
    return dataclasses.replace(COURSE, pages=pages | {one.uri: one for one in written}, nav=nav)


def chapter(name: str, night: date) -> Page[ChapterMeta]:
    meta = CHAPTER.meta.model_copy(update={"night": night})
    text = CHAPTER.text.replace("# Empty Input", f"# {name.title()}", 1)
    return dataclasses.replace(CHAPTER, uri=f"pipelines/{name}.md", meta=meta, text=text)


def test_nights_come_in_the_order_of_the_calendar() -> None:
    course = course_with(("may", date(2026, 5, 12)), ("march", date(2026, 3, 14)))
    shown = routes.nights(course, PAGE, "full")
    assert shown.index("Saturday, 14 March") < shown.index("[March](pipelines/march.md)")
    assert shown.index("[March]") < shown.index("Tuesday, 12 May") < shown.index("[May]")
    assert CHAPTER.meta.promise in shown


def test_a_night_that_is_only_planned_is_not_shown() -> None:
    course = course_with(("march", date(2026, 3, 14)))
    assert "pipelines/other" in course.nights  # in the table, and not written
    shown = routes.nights(course, PAGE, "full")
    assert shown.count("<li") == 1
    assert "12 May" not in shown and "413,373" not in shown
    assert "12 May" not in routes.nights(course_with(), PAGE, "full")


def test_the_free_edition_shows_a_member_s_chapter_as_a_preview() -> None:
    assert "Preview" in routes.nights(course_with(("march", date(2026, 3, 14))), PAGE, "free")
    assert "Members" in routes.nights(course_with(("march", date(2026, 3, 14))), PAGE, "full")


def test_what_is_cut_cannot_be_done() -> None:
    assert f'data-chapter="{CHAPTER.id}"' in routes.done(MEMBERS, "full")
    assert f'data-chapter="{CHAPTER.id}"' in routes.done(FREE, "free")
    assert not routes.done(MEMBERS, "free")


def test_a_path_says_how_long_it_takes() -> None:
    wanted = routes.ReadingPath(("pipelines",))
    shown = routes.path(wanted, COURSE, PAGE, "full")
    assert shown.startswith("1 chapter, 3 min\n")
    assert routes.path(routes.ReadingPath(()), COURSE, PAGE, "full") == routes.NONE_YET


def test_progress_lists_the_exercises_that_a_reader_finds_in_the_chapter() -> None:
    shown = "".join(
        f'```exercise\n--8<-- "{CHAPTER.id}/late_rows_exercise{tool}.py"\n```\n'
        for tool in ("", "_airflow")
    )
    key = f"exercise:{CHAPTER.id}/late_rows_exercise"
    course = course_with(("empty-input", date(2026, 3, 14)))
    page = dataclasses.replace(CHAPTER, text=f"{CHAPTER.text}\n## Turn {{ #turn }}\n{shown}")
    listed = dataclasses.replace(course, pages=course.pages | {page.uri: page})
    full = routes.progress(listed, PAGE, "full")
    assert f'[Exercise](pipelines/empty-input.md#turn){{ data-key="{key}" }}' in full
    assert f'[Exercise in Airflow](pipelines/empty-input.md#turn){{ data-key="{key}_air' in full
    assert "late_rows" not in routes.progress(listed, PAGE, "free")  # it is a preview there
