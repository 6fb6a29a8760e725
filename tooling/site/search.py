"""The data of the search: a record for each page and for each of its sections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tooling.course.course import Course
from tooling.course.pages import NOT_SEARCHED, Page, plain
from tooling.course.schema import SIGHTS, Kind, SymptomMeta, TermMeta

NOT_PROSE = (
    ".headerlink, .facts, .aliases, .related, .page-foot, .snippet-foot, .run, .by-tool, "
    ".catalogue, .catalogue-groups, .catalogue-filter, .names, .simulator, .stepper, .exercise, "
    "nav, form"
)
LISTS = {"used-in", "leads"}


class Section(NamedTuple):
    """A page's article from one second-level heading to the next; the first has no heading."""

    heading: str
    anchor: str
    text: str


class Record(BaseModel):
    """What the search knows of a section; only a page's first carries its other names."""

    id: int
    url: str
    title: str
    heading: str
    kind: Kind
    aliases: list[str]
    asked: list[str]
    text: str


class SearchIndex(BaseModel):
    """All that the search reads."""

    pages: list[Record]
    sights: dict[str, str]  # where symptoms stand by what one sees, for whom no page fits


def search_index(site: Path, course: Course, pages: dict[Path, str]) -> SearchIndex:
    """Make one record for each section of each page."""
    found = [
        (page, section)
        for page, article in articles(site, course, pages)
        for section in sections_of(article)
    ]
    sights = {f"diagnose/#{sight}": heading for sight, heading in SIGHTS.items()}
    records = [record(number, *one) for number, one in enumerate(found)]
    return SearchIndex(pages=records, sights=sights)


def articles(
    site: Path, course: Course, pages: dict[Path, str]
) -> Iterator[tuple[Page, LexborNode]]:
    """Walk over the pages that are searched, and what each says."""
    by_url = {page.url: page for page in course.pages.values()}
    for path, text in pages.items():
        page = by_url.get(path.relative_to(site).as_posix().removesuffix("index.html"))
        article = LexborHTMLParser(text).css_first("article")
        if page and article and page.uri not in NOT_SEARCHED:
            yield page, article


def sections_of(article: LexborNode) -> Iterator[Section]:
    """Split a page's article at its second-level headings."""
    for node in article.css(NOT_PROSE):
        node.decompose()
    heading, anchor, words = "", "", list[str]()
    for node in article.iter(include_text=False):
        if node.tag == "h2" and node.attributes.get("id") in LISTS:
            break  # what follows names other pages, which have records of their own
        if node.tag == "h2":
            yield Section(heading, anchor, joined(words))
            heading, anchor, words = node.text(strip=True), node.attributes.get("id") or "", []
        elif node.tag != "h1":
            words.append(node.text(separator=" "))
    yield Section(heading, anchor, joined(words))


def joined(texts: list[str]) -> str:
    """Join texts by single spaces."""
    return " ".join(" ".join(texts).split())


def record(number: int, page: Page, section: Section) -> Record:
    """Make the record of a section."""
    return Record(
        id=number,
        url=f"{page.url}#{section.anchor}" if section.anchor else page.url,
        title=page.title,
        heading=section.heading,
        kind=page.kind,
        aliases=[] if section.heading else other_names(page),
        asked=[] if section.heading else asked(page),
        text=section.text,
    )


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
