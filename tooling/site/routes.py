"""The reader's ways through the course: three paths, all nights, and what is done."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import partial
from pathlib import Path

from testbed.exercise import is_exercise
from testbed.sandbox import tool_of
from testbed.tools import TOOLS
from tooling.course.course import Course
from tooling.course.lines import lines_of
from tooling.course.pages import Page
from tooling.course.paths import PATHS, ReadingPath, chapters_on
from tooling.course.schema import ChapterMeta
from tooling.site.components import access, cards, count, duration, link

NONE_YET = "These chapters are being written."


def path(wanted: ReadingPath, course: Course, page: Page, edition: str) -> str:
    """List the chapters of a path in order, and how long they take together."""
    chapters = chapters_on(course, wanted)
    if not chapters:
        return NONE_YET
    total = duration(sum(chapter.meta.minutes for chapter in chapters))
    rows = [row(page, chapter, edition) for chapter in chapters]
    return f"{count(len(chapters), 'chapter')}, {total}\n{{ .facts }}\n\n{cards(rows, True)}"


def row(page: Page, chapter: Page[ChapterMeta], edition: str) -> str:
    """Write a chapter as one row of a list."""
    facts = f"{access(chapter, edition)} {duration(chapter.meta.minutes)}"
    title = f"{link(page, chapter)} <small>{facts}</small>\n{{ .card-title }}"
    return f"{title}\n\n{chapter.meta.promise}"


def nights(course: Course, page: Page, edition: str) -> str:
    """List the nights of the written chapters by date; what is only planned is not shown."""
    found = [(one.meta.night, one) for one in chapters_in_order(course)]
    rows = [
        f"{night:%A}, {night.day} {night:%B}\n{{ .facts }}\n\n{row(page, chapter, edition)}"
        for night, chapter in sorted(found, key=lambda one: one[0])
    ]
    return cards(rows) if rows else "The first nights are being written."


def chapters_in_order(course: Course) -> list[Page[ChapterMeta]]:
    """Return all written chapters in the order of `nav`."""
    landings = (course.pages.get(f"{folder}/index.md") for folder in course.courses)
    return [chapter for page in landings if page for chapter in course.chapters_of(page)]


def progress(course: Course, page: Page, edition: str) -> str:
    """List every chapter by course, below the buttons that keep the marks or erase them."""
    lists = []
    for folder in course.courses:
        landing = course.pages.get(f"{folder}/index.md")
        if landing and (chapters := course.chapters_of(landing)):
            rows = [short_row(page, chapter, edition) for chapter in chapters]
            lists.append(f"## {landing.title} {{ #{folder} }}\n\n{cards(rows, True)}")
    return "\n\n".join([BUTTONS, *lists])


def short_row(page: Page, chapter: Page[ChapterMeta], edition: str) -> str:
    """Write a chapter's title, how long it takes, and its exercises where they can be read."""
    facts = f"{access(chapter, edition)} {duration(chapter.meta.minutes)}"
    title = f"{link(page, chapter)} <small>{facts}</small>\n{{ .card-title }}"
    found = exercises(chapter) if chapter.free or edition == "full" else {}
    links = [
        f"[{exercise_name(tool_of(file))}]({chapter.uri}#{section})"
        f'{{ data-key="exercise:{file.with_suffix("").as_posix()}" }}'
        for file, section in found.items()
    ]
    return "\n\n".join([title, *([" · ".join(links)] if links else [])])


def exercises(chapter: Page) -> dict[Path, str]:
    """Return the exercises that a chapter shows, and the section in which each stands."""
    shown = [
        (Path(embed.path), line.section) for line in lines_of(chapter) if (embed := line.embed)
    ]
    return {file: section for file, section in shown if is_exercise(file)}


def exercise_name(tool: str) -> str:
    """Name an exercise by its tool, if it needs one."""
    return f"Exercise in {TOOLS[tool].title}" if tool in TOOLS else "Exercise"


BUTTONS = (
    '<div class="progress" role="group" aria-label="Your progress">'
    '<p class="progress__status" role="status">Nothing is marked on this device.</p>'
    '<button type="button" data-do="export">Export</button> '
    '<button type="button" data-do="import">Import</button> '
    '<button type="button" data-do="erase">Erase</button></div>'
)


def going_on(course: Course, page: Page, edition: str) -> str:
    """Leave a line for where the reader was; a script fills it in."""
    return '<p class="continue"></p>'


def placement(course: Course, page: Page, edition: str) -> str:
    """Leave a line for the score of the questions above it; a script fills it in."""
    return '<p class="placement" role="status"></p>'


def done(page: Page[ChapterMeta], edition: str) -> str:
    """Write the button that marks a chapter as done, where the chapter is all there."""
    if edition == "free" and not page.free:
        return ""
    return (
        f'<div class="done" data-chapter="{html.escape(page.id)}">'
        '<button type="button" aria-pressed="false">Mark as done</button>'
        '<span role="status"></span></div>'
    )


DIRECTIVES: dict[str, Callable[[Course, Page, str], str]] = {
    **{name: partial(path, wanted) for name, wanted in PATHS.items()},
    "nights": nights,
    "progress": progress,
    "continue": going_on,
    "placement": placement,
}
