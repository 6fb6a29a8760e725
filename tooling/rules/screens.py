"""A picture of a tool's UI is taken by a program, and what it shows can be read next to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tooling.course import screens
from tooling.course.course import Course
from tooling.course.lines import Line, lines_of
from tooling.course.screens import KILOBYTES, Screen
from tooling.rules import Problem, rule
from tooling.rules.files import below_root
from tooling.rules.structure import where

BEGIN = 'begin with a line `--8<-- "<course>/<chapter>/<idea>.json:<screen>"`'
ALT = "write below the embed, in one line, what the picture shows"
KB = 1000


@rule
def screens_say_what_they_show(course: Course) -> Iterator[Problem]:
    """A screen is a recorded picture, then a line that says what it shows, then its marks.

    ````markdown
    ```screen
    ;--8<-- "<course>/<chapter>/<idea>.json:<screen>"
    The dialog that clears a task, as it opens.
    downstream: It is on, so what follows the task runs again too.
    ```
    ````

    Each mark is one that the recording has, by its name; the page numbers them in this order.
    """
    for page in course.pages.values():
        for fence in fences(lines_of(page)):
            for line, what, fix in problems(course.root / "snippets", fence):
                yield Problem(where(page), line.number, what, fix)


def fences(lines: tuple[Line, ...]) -> Iterator[list[Line]]:
    """Walk over the screens of a page: the line that opens each, and those in it."""
    fence: list[Line] = []
    for line in lines:
        if line.fence != "screen":
            continue
        if line.is_fence and fence:
            yield fence
            fence = []
        else:
            fence.append(line)


def problems(snippets: Path, fence: list[Line]) -> Iterator[tuple[Line, str, str]]:
    """Walk over what is wrong with a screen: line, problem, fix."""
    first, *rest = fence[1:] or fence
    embed = first.embed
    if not (embed and embed.section and embed.path.endswith(".json")):
        yield first, "a screen without a recording", BEGIN
        return
    recording = snippets / embed.path
    if not recording.is_file():
        return  # the rule `embeds-are-there` says so
    try:
        found = screens.read(recording).screens
    except ValueError as error:
        yield first, f"no screens in {embed.path}: {error}", "record its program again"
        return
    if embed.section not in found:
        yield first, f"no screen `{embed.section}`", f"name one of {', '.join(found)}"
    elif not rest or is_mark(rest[0], found[embed.section]):
        yield first, "a picture that says nothing to somebody who does not see it", ALT
    else:
        yield from unknown(rest[1:], found[embed.section])


def is_mark(line: Line, screen: Screen) -> bool:
    """Tell a mark from a sentence."""
    return line.text.strip().partition(":")[0] in screen.marks


def unknown(lines: list[Line], screen: Screen) -> Iterator[tuple[Line, str, str]]:
    """Walk over the lines that are no mark of a screen, and say nothing of one."""
    for line in lines:
        name, _, said = line.text.strip().partition(":")
        if name not in screen.marks:
            marks = ", ".join(screen.marks)
            yield line, f"no mark `{name}` on this screen", f"write `<mark>: …` with one of {marks}"
        elif not said.strip():
            yield line, f"nothing is said of `{name}`", f"write `{name}: …`"


@rule
def screens_are_light(course: Course) -> Iterator[Problem]:
    """A picture of a screen has at most 40 kB, and the program that takes it is there.

    `<idea>.<screen>.webp` stands next to `<idea>.py` and its recording `<idea>.json`.
    """
    for file in sorted((course.root / "snippets").glob("*/*/*.webp")):
        program = file.with_name(f"{file.name.partition('.')[0]}.py")
        size = file.stat().st_size
        if not program.is_file():
            what = f"recorded from `{program.name}`, which is not there"
            yield Problem(below_root(course, file), 1, what, "delete it")
        elif size > KILOBYTES * KB:
            what = f"{size / KB:.0f} kB, and a screen may have {KILOBYTES}"
            fix = "enclose less in the program's `take`"
            yield Problem(below_root(course, file), 1, what, fix)
