"""The files of the course: how large they may be, what they may be called, where they may lie."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from tooling.course.course import Course
from tooling.rules import Problem, rule

SNAKE = re.compile(r"[a-z]+(_[a-z]+)*")
KB = 1000
LIMITS = {  # bytes; what a program prints may be longer than the program
    ".py": 64 * KB,
    ".mmd": 64 * KB,
    ".md": 128 * KB,
    ".svg": 128 * KB,
    ".png": 128 * KB,
    ".jpg": 128 * KB,
    ".webp": 128 * KB,
}
LONGEST = 2000 * KB  # of any other kind
ROOMS = ("docs", "snippets", "tests/snippets")


def files(course: Course, *rooms: str) -> Iterator[Path]:
    """Walk over the files of some folders of the course, but for what Python leaves behind."""
    for room in rooms:
        for folder, below, names in os.walk(course.root / room):
            below[:] = sorted(name for name in below if name != "__pycache__")
            yield from (Path(folder, name) for name in sorted(names))


def below_root(course: Course, path: Path) -> str:
    """Write a path as problems do."""
    return path.relative_to(course.root).as_posix()


@rule
def files_are_small(course: Course) -> Iterator[Problem]:
    """A program has at most 64 kB, a page, an image or a drawing 128 kB, any other file 2 MB.

    A reader downloads an image before the text around it can settle, and a program is read on its
    page. While a file is too large, nothing else is checked.
    """
    for file in files(course, *ROOMS):
        limit, size = LIMITS.get(file.suffix, LONGEST), file.stat().st_size
        if size > limit:
            what = f"{size / KB:,.0f} kB, and a `{file.suffix}` file may have {limit // KB}"
            fix = "make it smaller, or split it"
            yield Problem(below_root(course, file), 1, what, fix)


@rule
def programs_have_names(course: Course) -> Iterator[Problem]:
    """A program and a diagram are named for their idea, in snake_case without numbers.

    `empty_listing.py`, `empty_listing_airflow.py` or `two_chains.mmd`, never `Empty-Listing2.py`.
    """
    for file in files(course, "snippets"):
        if file.suffix in (".py", ".mmd") and not SNAKE.fullmatch(file.stem):
            fix = "use small letters and underscores, no numbers"
            what = f"`{file.stem}` is not a name in snake_case"
            yield Problem(below_root(course, file), 1, what, fix)
