"""The files of the course: how large they may be, what they may be called, where they may lie."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from testbed.sandbox import in_project
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
PROJECT = (
    "a project"  # a folder that a reader downloads: snippets/<course>/<chapter>/project_<tool>/
)
IMAGES = {".svg", ".png", ".jpg", ".webp"}
KINDS = {  # of files that a folder and those below it hold; the nearest folder counts
    "docs": {".md"},
    "docs/labs": {".md", ".py", ".ipynb"},
    "docs/assets": set[str](),
    "docs/assets/fonts": {".woff2", ".txt"},
    "docs/assets/images": IMAGES,
    "docs/assets/scripts": {".mjs", ".py"},
    "docs/assets/styles": {".css"},
    "docs/assets/vendor": {".mjs", ".txt"},
    "snippets": {".py", ".out", ".json", ".mmd", ".svg", ".webp"},
    PROJECT: {".py", ".md", ".txt", ".cfg", ".toml", ".yaml", ".sql"},
    "tests/snippets": {".py"},
}
TEXTS = {".md", ".css", ".mjs", ".html"}  # which name the assets that they use
BY_STEM = {".mjs", ".woff2"}  # a script and a template add the suffix
LICENCE = ".txt"  # of other people's files; nothing names it


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


@rule
def files_have_a_place(course: Course) -> Iterator[Problem]:
    """A folder holds the kinds of files that are made for it, and nothing that an editor left.

    Pages in `docs/`, images in `docs/assets/images/`, programs, diagrams and recordings in
    `snippets/<course>/<chapter>/`, a project of a lesson in a folder `project_<tool>/` below it,
    their tests in `tests/snippets/<course>/<chapter>/`.
    """
    for file in files(course, *ROOMS):
        path = below_root(course, file)
        kinds = kinds_of(file.parent.relative_to(course.root).as_posix())
        if file.is_symlink():
            yield Problem(path, 1, "a link to another file", "put the file itself here")
        elif file.name.startswith(".") or file.suffix not in kinds:
            fix = f"delete it; here are {', '.join(sorted(kinds)) or 'only folders'}"
            yield Problem(path, 1, "a stray file", fix)
        elif path.startswith("snippets/") and path.count("/") != 3 and not is_in_project(path):
            fix = "move it to snippets/<course>/<chapter>/"
            yield Problem(path, 1, "a file outside of every chapter", fix)


def is_in_project(path: str) -> bool:
    """Tell a file of a project: snippets/<course>/<chapter>/project_<tool>/…"""
    return in_project(Path(*Path(path).parts[3:4])) and path.startswith("snippets/")


def kinds_of(folder: str) -> set[str]:
    """Return the kinds of files that a folder holds."""
    if is_in_project(f"{folder}/"):
        return KINDS[PROJECT]
    while folder not in KINDS:
        folder = folder.rpartition("/")[0]
    return KINDS[folder]


@rule
def assets_are_used(course: Course) -> Iterator[Problem]:
    """Every image, script, style and font is named by a page, by another asset or by the site.

    ```markdown
    ![Two lanes: exit code and effect](../assets/images/lanes.png)
    ```
    """
    assets = [file for file in files(course, "docs/assets") if file.suffix != LICENCE]
    users = [file for file in files(course, "docs", "overrides") if file.suffix in TEXTS]
    users += [path for path in [course.root / "mkdocs.yml"] if path.is_file()]
    texts = (
        {user: user.read_text(encoding="utf-8", errors="replace") for user in users}
        if assets
        else {}
    )
    for asset in assets:
        name = asset.stem if asset.suffix in BY_STEM else asset.name
        if not any(name in text for user, text in texts.items() if user != asset):
            fix = "embed it in a page, or delete it"
            yield Problem(below_root(course, asset), 1, "named by nothing", fix)
