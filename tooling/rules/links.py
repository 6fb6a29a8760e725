"""Links inside the site and out of it, and images."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from difflib import get_close_matches

from tooling.course.course import Course
from tooling.course.lines import Line, ids_of
from tooling.course.pages import Page
from tooling.rules import Problem, rule
from tooling.rules.blocks import Block, blanked, blocks_of, without_code
from tooling.rules.structure import where

INLINE = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)>\s]*)>?[^)]*\)")
REFERENCE = re.compile(r"(?<![\w\]])\[[^\[\]]+\]\[[^\[\]]*\]|^ {0,3}\[[^\[\]]+\]:.*", re.M)
CODE_SPAN = re.compile(r"`+[^`]*`+")
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:")
MOVING = re.compile(r"/(?:blob|tree|raw)/(?:main|master|HEAD)/|/(?:latest|stable|dev|main)/")
MADE_BY_BUILD = {  # ids that the extension adds to a page of this kind
    "term": {"names", "used-in", "false-friend"},
    "symptom": {"leads"},
}
BARE = re.compile(r"(?:https?:|www\.)[^\s)]*[^\s).,;:]", re.I)


def targets(page: Page) -> Iterator[tuple[Line, re.Match[str]]]:
    """Walk over the Markdown links and images of a page, whose words may be on two lines."""
    for block in blocks_of(page):
        for match in INLINE.finditer(block.words) if "](" in block.words else ():
            yield block.line_at(match.start()), match


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
def downloads_are_there(course: Course) -> Iterator[Problem]:
    """A link to a program, or to a project as a zip, names what is below snippets/.

    ```markdown
    [the project](snippet:<course>/<chapter>/project_airflow.zip)
    ```
    """
    for page in course.pages.values():
        for line, match in targets(page):
            scheme, _, path = match[3].partition("snippet:")
            there = course.root / "snippets" / path
            there = there.with_suffix("") / "README.md" if path.endswith(".zip") else there
            if path and not scheme and not there.is_file():
                what = f"`{match[3]}` leads to snippets/{path}, which is not there"
                fix = "name a program, or with `.zip` a project's folder, which has a README.md"
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
                near = get_close_matches(anchor, anchors(course, other), n=5, cutoff=0)
                fix = f"the nearest ids are {', '.join(near)}"
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
        for block in blocks_of(page):
            for match in REFERENCE.finditer(block.words) if "[" in block.words else ():
                line = block.line_at(match.start()).number
                yield Problem(where(page), line, f"`{match[0].strip()}`", "write `[text](page.md)`")


@rule
def images_come_from_here(course: Course) -> Iterator[Problem]:
    """A page loads nothing from another host: images lie below docs/assets/images/.

    ```markdown
    ![Two lanes: exit code and effect](../assets/images/lanes.png)
    ```
    """
    for page in course.pages.values():
        for block in blocks_of(page):
            for start in re.finditer(r"!\[", block.markup):
                line = block.line_at(start.start()).number
                for what, fix in image_problems(block, start.start()):
                    yield Problem(where(page), line, what, fix)


def image_problems(block: Block, at: int) -> Iterator[tuple[str, str]]:
    """Say what is wrong with the image that begins here: problem, fix."""
    match = INLINE.match(block.markup, at)
    if not match or "\\" in match[2]:
        yield "an image that is not in one piece", "write `![What it shows](path)`"
    elif SCHEME.match(target := address(block.text[slice(*match.span(3))])) or target[:1] in "/\\":
        yield f"an image from `{target}`", "copy the image below docs/assets/images/"


def address(written: str) -> str:
    """Return a link's target as a browser understands it, with a scheme in small letters."""
    return re.sub(r"[\s\x00-\x20<>`]", "", html.unescape(written)).lower()


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
            if match[3].lower().startswith("http:"):
                yield Problem(where(page), line.number, f"`{match[3]}`", "use `https:`")
            elif match[3].lower().startswith("https:") and (moving := MOVING.search(match[3])):
                fix = "link to the version that was read"
                yield Problem(where(page), line.number, f"`{moving[0]}` moves", fix)


@rule
def links_have_words(course: Course) -> Iterator[Problem]:
    """An address does not stand in prose by itself: it is behind the words that say what is there.

    ```markdown
    [GNU Bash manual](https://www.gnu.org/software/bash/manual/)
    ```
    """
    fix = "write `[what is there](address)`, or put it between backticks"
    for page in course.pages.values():
        for block in blocks_of(page):
            words = INLINE.sub(blanked, block.words) if BARE.search(block.words) else ""
            for match in BARE.finditer(words):
                line = block.line_at(match.start()).number
                yield Problem(where(page), line, f"a bare `{match[0]}`", fix)
        for number, row in enumerate(page.head.splitlines(), 2):
            if bare := BARE.search(INLINE.sub("", without_code(row))):
                yield Problem(where(page), number, f"a bare `{bare[0]}`", fix)


def nearest(course: Course, path: str) -> str:
    """Suggest the page that was probably meant."""
    import difflib

    guess = difflib.get_close_matches(path, course.pages, n=1)
    return f"did you mean docs/{guess[0]}?" if guess else "write the page or fix the link"
