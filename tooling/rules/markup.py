"""What a page may hold besides Markdown: strangers write pages, so only what is listed may stand.

Markup has to be written in one plain form, `<name attribute="value">`. Whatever could be taken for
a tag and is not in that form is a problem, so there is no spelling that a browser reads otherwise.
"""

from __future__ import annotations

import difflib
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tooling.course.course import Course
from tooling.course.pages import COMMENTS, OF_TERMS, Page
from tooling.rules import Problem, rule
from tooling.rules.blocks import blocks_of, without_code
from tooling.rules.files import below_root, files
from tooling.rules.links import address
from tooling.rules.structure import where

CLASSES = {"card", "diagram", "doors", "lead", "search-page", "statement"}
VALUES = {"class": CLASSES, "markdown": {"1", "block", "span"}}
BOXES = {name: {"class", "markdown"} for name in ("div", "figure", "ul", "ol", "li")}
ELEMENTS = BOXES | {name: set() for name in ("figcaption", "kbd", "sub", "sup")}

NAMED = {"id", "class", "role", "aria-labelledby", "aria-describedby", "aria-hidden"}
PAINT = {
    *("fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity"),
    *("stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "transform"),
    *("font-size", "font-weight", "text-anchor", "dominant-baseline", "marker-start", "marker-end"),
}
BOX = {"x", "y", "width", "height", "rx", "ry"}
SHAPES = {
    "svg": {"xmlns", "viewBox", "width", "height"},
    "g": set[str](),
    "defs": set[str](),
    "title": set[str](),
    "desc": set[str](),
    "path": {"d"},
    "rect": BOX,
    "circle": {"cx", "cy", "r"},
    "ellipse": {"cx", "cy", "rx", "ry"},
    "line": {"x1", "x2", "y1", "y2"},
    "polyline": {"points"},
    "polygon": {"points"},
    "text": {"x", "y", "dx", "dy", "xml:space"},
    "tspan": {"x", "y", "dx", "dy"},
    "marker": {"refX", "refY", "markerWidth", "markerHeight", "orient", "viewBox"},
}
DRAWING = {name: own | NAMED | PAINT for name, own in SHAPES.items()}
TABLE = {name: {"scope"} for name in ("table", "thead", "tbody", "tr", "th", "td")}
OUTPUTS = {"text/html", "text/plain"}  # of a lab's cell

TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
TAG = re.compile(r'<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z][\w:-]*="[^"<>]*")*)\s?(/?)>')
ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
COMMENT = re.compile(r"<!--(.*?)-->", re.S)
BRACES = re.compile(r"\{[^}]*\}?")
LIST = re.compile(r"\{ ?[#.][\w-]+( [#.][\w-]+)* ?\}")
TEMPLATE = re.compile(r"\{\{? ?[\w.]* ?\}?\}")  # `{{ ds }}`, which is no list of attributes
SCHEME = re.compile(r"[^/?#]*?:")
FORM = 'write tags as `<name attribute="value">`, or put code between backticks'


@rule
def html_is_listed(course: Course) -> Iterator[Problem]:
    """A page is Markdown; of HTML it may have a few boxes, with a class or `markdown`, no more.

    ```html
    <div class="card" markdown="1">
    ```

    The elements: `div`, `figure`, `figcaption`, `ul`, `ol`, `li`, `kbd`, `sub`, `sup`. No script,
    no style, no frame, no form, no other attribute, and an image is `![What it shows](…)`. What is
    opened has to be closed.
    """
    for page in course.pages.values():
        open_: list[tuple[str, int]] = []
        for block in blocks_of(page):
            if "<" not in block.markup:
                continue
            for offset, what, fix in tag_problems(block.text, block.markup, ELEMENTS):
                yield Problem(where(page), block.line_at(offset).number, what, fix)
            for match in TAG.finditer(block.markup):
                if match[2] not in ELEMENTS:
                    continue
                line = block.line_at(match.start()).number
                if not match[1]:
                    open_.append((match[2], line))
                elif not open_ or open_.pop()[0] != match[2]:
                    what = f"`{match[0]}` closes what is not open"
                    yield Problem(where(page), line, what, "close what was opened last")
        for name, line in open_:
            yield Problem(where(page), line, f"`<{name}>` is not closed", f"add `</{name}>`")


def tag_problems(
    text: str, markup: str, allowed: dict[str, set[str]]
) -> Iterator[tuple[int, str, str]]:
    """Walk over what looks like a tag and is not allowed: where it is, problem, fix."""
    for start in TAG_START.finditer(markup):
        at = start.start()
        if text.startswith("<!--", at):
            continue
        match = TAG.match(text, at)
        if not match:
            yield at, f"`{text[at : at + 30].partition(chr(10))[0]}`, which may be a tag", FORM
        elif match[2] not in allowed and match[1] and f"<{match[2]}" in text[:at]:
            continue  # and what it closes is reported
        elif match[2] not in allowed:
            fix = f"write it in Markdown, or use one of {', '.join(sorted(allowed))}"
            yield at, f"a `<{match[1]}{match[2]}>` element", fix
        else:
            for name, value in ATTRIBUTE.findall(match[3]):
                if problem := attribute_problem(name, value, allowed[match[2]]):
                    yield at, *problem


def attribute_problem(name: str, value: str, allowed: set[str]) -> tuple[str, str] | None:
    """Say what is wrong with an attribute, and what would be right."""
    if name not in allowed:
        return f"an attribute `{name}`", f"use one of {', '.join(sorted(allowed)) or 'none'}"
    known = VALUES.get(name) if "markdown" in allowed else None
    if known and (other := set(value.split()) - known):
        return f'`{name}="{" ".join(sorted(other))}"`', f"use one of {', '.join(sorted(known))}"
    if "url(" in html.unescape(value).lower():
        return f"`{name}` with a `url(…)`", "name a colour"
    return None


@rule
def comments_are_directives(course: Course) -> Iterator[Problem]:
    """A comment is a directive that the build fills in, alone on its line and spelled as here.

    ```markdown
    <!-- chapters -->
    ```

    One of them names the terms, by their ids, that a table of the tools' words is to have:

    ```markdown
    <!-- say-it-in: task, edge -->
    ```

    A reader of the page's source sees every other comment too: leave notes in the commit.
    """
    for page in course.pages.values():
        for block in blocks_of(page):
            if "<!--" not in block.markup:
                continue
            for start in re.finditer("<!--", block.markup):
                line = block.line_at(start.start())
                match = COMMENT.match(block.text, start.start())
                said = match[1].strip() if match else ""
                for problem in comment_problems(course, said, line.text):
                    yield Problem(where(page), line.number, *problem)


def comment_problems(course: Course, said: str, line: str) -> Iterator[tuple[str, str]]:
    """Walk over what is wrong with a comment that stands on this line: problem, fix."""
    name, _, ids = said.partition(": ")
    if name in OF_TERMS:
        yield from lost(course, ids)
    elif said not in COMMENTS:
        guess = difflib.get_close_matches(said, COMMENTS, n=1)
        fix = f"write `<!-- {guess[0]} -->`" if guess else "delete the comment"
        yield f"no directive `{said}`", fix
        return
    if line != f"<!-- {said} -->" and said != "more":  # which has its own rule
        yield "a directive that does nothing", f"write `<!-- {said} -->` on a line of its own"


def lost(course: Course, ids: str) -> Iterator[tuple[str, str]]:
    """Walk over what a list of terms names and the glossary lacks: problem, fix."""
    known = [term.id for term in course.terms]
    for one in ids.split(", "):
        if one not in known:
            guess = difflib.get_close_matches(one, known, n=1)
            fix = f"write `{guess[0]}`" if guess else "write the ids of terms, as `task, edge`"
            yield f"no term `{one}`", fix


@rule
def attributes_are_listed(course: Course) -> Iterator[Problem]:
    """Braces in prose give a heading its id or a paragraph one of the site's classes, no more.

    ```markdown
    ## The price { #tradeoffs }
    ```

    Braces that are meant as such stand in code, between backticks.
    """
    for page in course.pages.values():
        for block in blocks_of(page):
            for start in re.finditer("{", block.markup):
                match = BRACES.match(block.text, start.start())
                assert match is not None
                classes = set(re.findall(r"\.([\w-]+)", match[0]))
                if not LIST.fullmatch(match[0]):
                    fix = "write `{ #id }`, `{ .class }`, or put code between backticks"
                elif other := classes - CLASSES:
                    fix = f"`{other.pop()}` is none of {', '.join(sorted(CLASSES))}"
                else:
                    continue
                what = f"`{match[0].partition(chr(10))[0]}` in the page's prose"
                yield Problem(where(page), block.line_at(match.start()).number, what, fix)


@rule
def links_are_safe(course: Course) -> Iterator[Problem]:
    """A link leads to a page of the site or to an `https:` address, however it is spelled.

    ```markdown
    [GNU Bash manual](https://www.gnu.org/software/bash/manual/)
    ```
    """
    for page in course.pages.values():
        for block in blocks_of(page):
            for offset, what in unsafe_links(block.text, block.markup):
                fix = "link to a page, or to an `https:` address"
                yield Problem(where(page), block.line_at(offset).number, what, fix)


def unsafe_links(text: str, markup: str) -> Iterator[tuple[int, str]]:
    """Walk over the links of a text that lead neither to a page nor to the web."""
    for start in re.finditer(r"\]\(", markup):
        written = text[start.end() :].partition(")")[0]
        scheme = SCHEME.match(address(written))
        if scheme and scheme[0] not in ("https:", "http:", "snippet:"):  # the last two have rules
            yield start.start(), f"a link to `{' '.join(written.split())[:40]}`"


@rule
def front_matter_is_text(course: Course) -> Iterator[Problem]:
    """What front matter says is plain words, code and links: no HTML, image or attribute.

    ```yaml
    note: "The state is `success`; people put a SQL check task after the load."
    ```

    A description stands in an attribute of the built page, so it has no double quotes.
    """
    for page in course.pages.values():
        for key, text in strings_of(page):
            for what, fix in text_problems(key, text):
                yield Problem(where(page), page.line_of(key), what, fix)


def text_problems(key: str, text: str) -> Iterator[tuple[str, str]]:
    """Walk over what a text of front matter may not hold: problem, fix."""
    lines = [without_code(line) for line in text.split("\n")]
    markup = text if any("`" in line for line in lines) else "\n".join(lines)
    if match := TAG_START.search(markup):
        yield f"HTML `{text[match.start() :][:30]}` in `{key}`", "put code between backticks"
    for match in BRACES.finditer(markup):
        if not TEMPLATE.fullmatch(match[0]):
            yield f"`{match[0]}` in `{key}`", "put code between backticks"
    if "![" in markup:
        yield f"an image in `{key}`", "show it in the page's text"
    for _, what in unsafe_links(text, markup):
        yield f"{what} in `{key}`", "link to an `https:` address"
    if key == "description" and '"' in text:
        yield "a double quote in `description`", "use other words"


def strings_of(page: Page) -> Iterator[tuple[str, str]]:
    """Walk over the texts of a page's front matter, each with its top-level key."""
    for key, value in page.meta.model_dump().items():
        yield from ((key, text) for text in texts_in(value))


def texts_in(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever YAML can say
    """Walk over the texts in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


@rule
def drawings_hold_still(course: Course) -> Iterator[Problem]:
    """An SVG is shapes and text: no script, no style, no link, nothing from elsewhere.

    `python3 noxfile.py record <diagram>.mmd` draws one like that.
    """
    for file in files(course, "docs", "snippets"):
        if file.suffix == ".svg":
            text = file.read_text(encoding="utf-8")
            for offset, what, fix in drawing_problems(text, DRAWING):
                line = text.count("\n", 0, offset) + 1
                yield Problem(below_root(course, file), line, what, fix)


def drawing_problems(text: str, allowed: dict[str, set[str]]) -> Iterator[tuple[int, str, str]]:
    """Walk over what may not be in a drawing: where it is, problem, fix."""
    for match in re.finditer("<!--", text):
        yield match.start(), "a comment", "delete it"
    yield from tag_problems(text, text, allowed)


@rule
def lab_outputs_are_listed(course: Course) -> Iterator[Problem]:
    """What a lab's cell shows is text, a table or a drawing, as `exhibits` makes them.

    ```python
    show(Table(("tick", "chain of 10"), [("1 s", "11 s"), ("5 s", "55 s")]))
    ```
    """
    for page in course.of_kind("lab"):
        recording = course.root / "docs" / page.uri
        for kind, text in outputs_of(recording) if recording.is_file() else ():
            fix = "show a Table, Bars or Lines of `exhibits`, and record the lab again"
            if kind not in OUTPUTS:
                yield Problem(where(page), 1, f"a cell shows `{kind}`", fix)
            elif kind == "text/html":
                for _, what, _ in drawing_problems(text, DRAWING | TABLE):
                    yield Problem(where(page), 1, f"a cell shows {what}", fix)


def outputs_of(recording: Path) -> Iterator[tuple[str, str]]:
    """Walk over what a notebook's cells show: kind, text. Nothing, if it is no notebook."""
    try:
        cells = json.loads(recording.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError):
        return  # and the lab is not recorded
    for cell in cells:
        for output in cell.get("outputs", ()):
            for kind, text in output.get("data", {}).items():
                yield kind, "".join(text)
