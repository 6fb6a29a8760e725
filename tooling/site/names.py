"""Marks in a built page where the reader's own names go, and adds the form that takes them.

What is marked, and how a name is written there, is decided here: the script only fills in text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import date

from tooling.course.course import Course
from tooling.course.names import NAMES, Name, Place, day_of, is_pasted, places
from tooling.course.pages import Page

FENCE = re.compile(
    r'(<div class="language-(sql|bash) [^>]*><pre><span></span><code>)(.*?)(</code>)', re.S
)
SPAN = re.compile(r"(<code>)((?:SELECT|airflow|prefect|dagster|argo) [^<]*)(</code>)")
TOKEN = re.compile(r'<span class="(\w+)">([^<]*)</span>|([^<]+)')
HEADING = re.compile(r'(?=<h2 id="([\w-]+)")')
MARKED = re.compile(
    r'<span data-name="(\w+)" data-in="[^"]*">((?:<span class="\w+">[^<]*</span>|[^<])+)</span>'
)
TAG = re.compile(r"<[^>]+>")

Token = tuple[str, str]  # its class, which may be none, and its text


def with_names(page: Page, text: str) -> str:
    """Mark the names in a page's queries and commands, below a form that asks for them."""
    start, *rest = HEADING.split(text)
    ids = ["", *rest[::2]]
    day = day_of(page)
    sections = [
        marked(section, day) if is_pasted(page, id_) else section
        for id_, section in zip(ids, [start, *rest[1::2]], strict=True)
    ]
    with_any = [at for at, section in enumerate(sections) if MARKED.search(section)]
    if with_any:
        asked = form(stands(sections, day))
        at = max(with_any[0], 1)  # what stands above the first heading has no place for it
        sections[at] = sections[at].replace("</h2>", f"</h2>\n{asked}", 1)
    return "".join(sections)


def stands(sections: Iterable[str], day: date) -> dict[str, str]:
    """Return what the reader's names go in the place of on a page: the first of each, as HTML."""
    found: dict[str, str] = {}
    for key, code in MARKED.findall("".join(sections)):
        found.setdefault(key, f"{day}" if key == "day" else TAG.sub("", code))
    return found


def marked(section: str, day: date) -> str:
    """Mark the names in the fences of a section, and in the commands of its text."""

    def fence(match: re.Match[str]) -> str:
        return match[1] + marked_code(match[2], match[3], day) + match[4]

    def span(match: re.Match[str]) -> str:
        language = "sql" if match[2].startswith("SELECT") else "bash"
        return match[1] + marked_code(language, match[2], day) + match[3]

    return SPAN.sub(span, FENCE.sub(fence, section))


def marked_code(language: str, code: str, day: date) -> str:
    """Mark the names in highlighted code, token by token."""
    tokens = [(m[1] or "", html.unescape(m[2] or m[3])) for m in TOKEN.finditer(code)]
    found = list(places(language, "".join(text for _, text in tokens), day))
    if not found:
        return code
    written, at = [], 0
    for place in found:
        written += [written_as(between(tokens, at, place.start)), opening(place)]
        written += [written_as(between(tokens, place.start, place.end)), "</span>"]
        at = place.end
    return "".join([*written, written_as(between(tokens, at, None))])


def between(tokens: Iterable[Token], start: int, end: int | None) -> Iterator[Token]:
    """Walk over the tokens from one place to another; one that is cut keeps its class."""
    at = 0
    for kind, text in tokens:
        part = text[max(start - at, 0) : None if end is None else max(end - at, 0)]
        if part:
            yield kind, part
        at += len(text)


def written_as(tokens: Iterable[Token]) -> str:
    """Write tokens as the highlighter does."""
    return "".join(
        f'<span class="{kind}">{html.escape(text, quote=False)}</span>'
        if kind
        else html.escape(text, quote=False)
        for kind, text in tokens
    )


def opening(place: Place) -> str:
    """Open the element that a script fills: which name goes there, and how it is written."""
    if place.name.key == "day":
        return f'<span data-name="day" data-in="{place.days}">'
    return f'<span data-name="{place.name.key}" data-in="{" ".join(place.ways)}">'


def all_names(course: Course, page: Page, edition: str) -> str:
    """Write the form with every name, for a page that has no query of its own."""
    return form({name.key: html.escape(name.stands) for name in NAMES}, "")


SHOW = '<button type="button" data-do="show" aria-pressed="false">Show what stood there</button> '


def form(asked: dict[str, str], show: str = SHOW) -> str:
    """Write the form that asks for some of the names, folded.

    It is no `form` to the browser, which would send one when somebody presses Enter.
    """
    fields = "".join(field(name, asked[name.key]) for name in NAMES if name.key in asked)
    return (
        '<details class="names"><summary><span>Put your own names into the queries</span>'
        "<span>Your names stand in the queries</span></summary>"
        "<p>They are kept in this browser only, and sent nowhere.</p>"
        f'<div class="names-fields" role="group" aria-label="Your names">{fields}</div>'
        '<p role="status"></p>'
        f'<p>{show}<button type="button" data-do="erase">Erase these names</button></p></details>'
    )


def field(name: Name, stands: str) -> str:
    """Write one field, and what it goes in the place of."""
    kind = "date" if name.key == "day" else "text"
    return (
        f"<label>{html.escape(name.label, quote=False)} <small>for <code>{stands}</code></small>"
        f'<input type="{kind}" name="{name.key}" autocomplete="off" autocapitalize="off"'
        ' spellcheck="false"></label>'
    )
