"""The data of the search: a record for each page and for each of its sections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tooling.course.course import Course
from tooling.course.pages import NOT_SEARCHED, Page, plain
from tooling.course.schema import SymptomMeta, TermMeta

NOT_PROSE = (
    ".headerlink, .facts, .aliases, .related, .page-foot, .snippet-foot, .run, .by-tool, "
    ".catalogue, .catalogue-filter, .simulator, nav, form"
)
LISTS = {"used-in", "leads"}


def search_records(site: Path, course: Course, pages: dict[Path, str]) -> list[dict[str, Any]]:
    """Write one record for each page and one for each of its sections."""
    by_url = {page.url: page for page in course.pages.values()}
    records: list[dict[str, Any]] = []
    for path, text in pages.items():
        page = by_url.get(path.relative_to(site).as_posix().removesuffix("index.html"))
        article = LexborHTMLParser(text).css_first("article")
        if page and article and page.uri not in NOT_SEARCHED:
            records += page_records(page, article)
    return [{"id": number, **record} for number, record in enumerate(records)]


def page_records(page: Page, article: LexborNode) -> Iterator[dict[str, Any]]:
    """Split a page's article at its second-level headings."""
    for node in article.css(NOT_PROSE):
        node.decompose()
    heading, anchor, words = "", "", [""]
    for node in article.iter(include_text=False):
        if node.tag == "h2" and node.attributes.get("id") in LISTS:
            break  # what follows names other pages, which have records of their own
        if node.tag == "h2":
            yield record(page, heading, anchor, words)
            heading, anchor, words = node.text(strip=True), node.attributes.get("id") or "", [""]
        elif node.tag != "h1":
            words.append(node.text(separator=" "))
    yield record(page, heading, anchor, words)


def record(page: Page, heading: str, anchor: str, words: list[str]) -> dict[str, Any]:
    """Write one record; only a page's first carries its other names."""
    return {
        "url": f"{page.url}#{anchor}" if anchor else page.url,
        "title": page.title,
        "heading": heading,
        "kind": page.kind,
        "aliases": [] if heading else other_names(page),
        "asked": [] if heading else asked(page),
        "text": " ".join(" ".join(words).split()),
    }


def other_names(page: Page) -> list[str]:
    """Return what else an entry is called, here and in the tools."""
    if not isinstance(page.meta, TermMeta):
        return []
    names = [answer.name for answer in page.meta.names.by_tool.values() if answer.name]
    return [*page.meta.aliases, *map(plain, names)]


def asked(page: Page) -> list[str]:
    """Return how somebody asks for an entry who does not know its name."""
    match page.meta:
        case TermMeta(asked=words) | SymptomMeta(seen=words):
            return words
    return []
