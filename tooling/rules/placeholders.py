"""What a scaffold leaves to its author: each placeholder is a problem until it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tooling.course.course import Course
from tooling.course.lines import lines_of
from tooling.course.pages import Page
from tooling.rules import Problem, rule
from tooling.rules.links import CODE_SPAN
from tooling.rules.structure import where

OPENS = re.compile(r"""(?:^\s*|(?:[#:>*|-]|\d\.) |["'\[(])(…(?![^\s"'\])},.])[^"'\])}|]*)""")
CLOSES = re.compile(r"""\s(…)["'\]]?\}?,?$""")
WRITTEN = (  # by hand, and no pages
    *("snippets/*/*/*.py", "snippets/*/*/*.mmd", "tests/snippets/*/*/test_*.py"),
    *("tests/diagnose/*/test_*.py", "tests/labs/test_*.py"),
)


@rule
def nothing_left_to_write(course: Course) -> Iterator[Problem]:
    """No placeholder of a scaffold is left: a `…` with which something begins or ends.

    It holds for pages, programs, diagrams and tests. Where a tool prints `…`, put what it prints
    in code quotes.
    """
    for page in course.pages.values():
        for number, hint in placeholders_of(page):
            yield unwritten(where(page), number, hint)
    for path in sorted(one for pattern in WRITTEN for one in course.root.glob(pattern)):
        name = path.relative_to(course.root).as_posix()
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        for number, text in enumerate(lines, 1):
            if hint := placeholder(text):
                yield unwritten(name, number, hint)


def placeholders_of(page: Page) -> Iterator[tuple[int, str]]:
    """Walk over what is still to be written on a page: line, hint."""
    rows = enumerate(page.head.splitlines(), 2)
    for number, text in (*rows, *((line.number, line.text) for line in lines_of(page))):
        if hint := placeholder(text):
            yield number, hint


def placeholder(text: str) -> str:
    """Return the first placeholder of a line, with its hint; nothing if there is none."""
    if "…" not in text:  # as almost always
        return ""
    text = CODE_SPAN.sub(lambda code: code[0].replace("…", "..."), text)
    match = OPENS.search(text) or CLOSES.search(text)
    return match[1].rstrip() if match else ""


def unwritten(path: str, number: int, hint: str) -> Problem:
    """Report a placeholder by its hint."""
    return Problem(path, number, f"`{hint}` is still there", "write what belongs here")
