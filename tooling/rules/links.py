"""Links inside the site, and what a page may bring in from elsewhere: nothing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from tooling.course.course import Course
from tooling.course.lines import Line, ids_of, prose_of
from tooling.course.pages import Page
from tooling.rules import Problem, rule
from tooling.rules.structure import where

INLINE = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)>\s]*)>?[^)]*\)")
REFERENCE = re.compile(r"(?<![\w\]])\[[^\[\]]+\]\[[^\[\]]*\]")
CODE_SPAN = re.compile(r"`+[^`]*`+")
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:")
MOVING = re.compile(r"/(?:blob|tree|raw)/(?:main|master|HEAD)/|/(?:latest|stable|dev|main)/")
MADE_BY_BUILD = {  # ids that the extension adds to a page of this kind
    "term": {"names", "used-in", "false-friend"},
    "symptom": {"leads"},
}
RAW = re.compile(r"<(script|style|iframe|object|embed|form|link|img|a)\b|\s(style|on\w+)=", re.I)


def targets(page: Page) -> Iterator[tuple[Line, re.Match[str]]]:
    """Walk over the Markdown links and images of a page."""
    for line in prose_of(page):
        for match in INLINE.finditer(CODE_SPAN.sub(lambda m: " " * len(m[0]), line.text)):
            yield line, match


@rule
def links_lead_somewhere(course: Course) -> Iterator[Problem]:
    """A link inside the site names a file that is there, relative to the page.

    ```markdown
    [idempotent](../glossary/idempotency.md)
    ```
    """
    for page in course.pages.values():
        for line, match in targets(page):
            target = match[3].partition("#")[0].partition("?")[0]
            if SCHEME.match(match[3]) or not target:
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(page.uri), target))
            if target.startswith("/"):
                what, fix = f"`{target}` starts at the root", "make it relative to this page"
            elif not (course.root / "docs" / path).is_file():
                what = f"`{target}` leads to docs/{path}, which is not there"
                fix = nearest(course, path)
            else:
                continue
            yield Problem(where(page), line.number, what, fix)


@rule
def anchors_are_there(course: Course) -> Iterator[Problem]:
    """The part of a link after `#` is the id of a heading on that page.

    ```markdown
    [the card](silent-success.md#card)
    ```
    """
    for page in course.pages.values():
        for line, match in targets(page):
            target, _, anchor = match[3].partition("#")
            if not anchor or SCHEME.match(match[3]):
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(page.uri), target))
            other = course.pages.get(path) if target else page
            if other and anchor not in anchors(course, other):
                what = f"no `#{anchor}` on docs/{other.uri}"
                fix = f"its ids are {', '.join(sorted(anchors(course, other)))}"
                yield Problem(where(page), line.number, what, fix)


def anchors(course: Course, page: Page) -> set[str]:
    """Return the ids that can be linked to on a page."""
    entries = {one.id for one in course.of_kind("term", "symptom") if page.uri.endswith("index.md")}
    return {one for _, one in ids_of(page)} | MADE_BY_BUILD.get(page.kind, set()) | entries


@rule
def nothing_undefined(course: Course) -> Iterator[Problem]:
    """Links are written in place: a reference link `[text][name]` is not used here.

    ```markdown
    [text](page.md)
    ```
    """
    for page in course.pages.values():
        for line in prose_of(page):
            if match := REFERENCE.search(CODE_SPAN.sub("", line.text)):
                yield Problem(where(page), line.number, f"`{match[0]}`", "write `[text](page.md)`")


@rule
def nothing_from_outside(course: Course) -> Iterator[Problem]:
    """A page is Markdown, and loads nothing from another host.

    No raw script, style, frame, image or link element, no `style=` or `onclick=` attribute.
    Put images below docs/assets/images/ and describe them: `![What it shows](…)`.
    """
    for page in course.pages.values():
        for line in prose_of(page):
            if match := RAW.search(CODE_SPAN.sub("", line.text)):
                what = f"raw HTML `{match[0].strip()}`"
                yield Problem(where(page), line.number, what, "write it in Markdown")
        for line, match in targets(page):
            if match[1] and SCHEME.match(match[3]):
                fix = "copy the image below docs/assets/images/"
                yield Problem(where(page), line.number, f"an image from `{match[3]}`", fix)


@rule
def images_are_described(course: Course) -> Iterator[Problem]:
    """An image says in words what it shows.

    ```markdown
    ![Two lanes: exit code and effect](../assets/images/lanes.png)
    ```
    """
    for page in course.pages.values():
        for line, match in targets(page):
            if match[1] and not match[2].strip():
                fix = "write what it shows between `![` and `]`"
                yield Problem(where(page), line.number, "an image without words", fix)


@rule
def links_out_stand_still(course: Course) -> Iterator[Problem]:
    """A link to a tool's source or documentation names a version, or it will soon say otherwise.

    `…/blob/3.3.2/…`, never `…/blob/main/…`, `/stable/` or `/latest/`; `https:`, never `http:`.
    """
    for page in course.pages.values():
        head = (Line(n, row, "", None) for n, row in enumerate(page.head.splitlines(), 2))
        noted = [(line, match) for line in head for match in INLINE.finditer(line.text)]
        for line, match in [*noted, *targets(page)]:
            if match[3].startswith("http://"):
                yield Problem(where(page), line.number, f"`{match[3]}`", "use `https:`")
            elif match[3].startswith("https://") and (moving := MOVING.search(match[3])):
                fix = "link to the version that was read"
                yield Problem(where(page), line.number, f"`{moving[0]}` moves", fix)


def nearest(course: Course, path: str) -> str:
    """Suggest the page that was probably meant."""
    import difflib

    guess = difflib.get_close_matches(path, course.pages, n=1)
    return f"did you mean docs/{guess[0]}?" if guess else "write the page or fix the link"
