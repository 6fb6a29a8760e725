"""What the site publishes for programs: the glossary's schema, and the course as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tooling.course.course import Course
from tooling.course.pages import CATALOGUES, Page, plain
from tooling.course.schema import FalseFriend, Kind, Theme, ToolNames
from tooling.site import exports

PROSE = "h1, h2, h3, h4, p, li, pre, th, td, summary"
NOT_READ = ".headerlink, .page-foot, .run, .catalogue-filter, nav, form, svg, .md-tags"


class Closed(BaseModel):
    """An object that has these keys and no other."""

    model_config = ConfigDict(extra="forbid")


class Use(Closed):
    """A page that uses a term."""

    title: str
    url: str = Field(description="below the site's root")


class Entry(Closed):
    """A term of the glossary."""

    id: str
    title: str
    url: str = Field(description="below the site's root")
    definition: str
    theme: Theme
    aliases: list[str] = Field(description="old names, plurals, both spellings, likely errors")
    asked: list[str] = Field(description="how somebody asks who does not know the word")
    names: ToolNames
    false_friends: list[FalseFriend] = Field(description="words that mean other things elsewhere")
    related: list[str] = Field(description="ids of other terms")
    used_in: list[Use]


class Glossary(Closed):
    """All terms of the course's glossary, by title."""

    entries: list[Entry]


def glossary_schema() -> dict[str, Any]:
    """Return the JSON Schema of `glossary.json`."""
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return draft | Glossary.model_json_schema(mode="serialization")


def without_markdown(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Reduce every text in some data to its words."""
    match value:
        case dict():
            return {key: without_markdown(one) for key, one in value.items()}
        case str():
            return plain(value)
    return value


def overview(course: Course, home: str) -> str:
    """Write `llms.txt`: what the course is, and where each part of it stands."""
    head = LexborHTMLParser(home)
    name = meta(head, 'meta[property="og:site_name"]')
    parts = [f"# {name}", f"> {meta(head, 'meta[name=description]')}"]
    parts.append("The same text in one file: [llms-full.txt](llms-full.txt).")
    parts += [listing(title, found) for title, found in shelves(course).items()]
    return "\n\n".join(parts) + "\n"


def shelves(course: Course) -> dict[str, list[Page]]:
    """Return the pages to read, in the order of `nav`, by the title of what they stand in."""
    found = {}
    for section in course.nav.sections:
        first = course.pages.get(section.pages[0]) if section.pages else None
        if first and first.kind in ("track", "course"):
            courses = course.courses_of(first) if first.kind == "track" else [first]
            below = [page for one in courses for page in (one, *course.chapters_of(one))]
            found[section.title] = [first, *below] if first.kind == "track" else below
    kinds: dict[str, Kind] = {"Labs": "lab", "Diagnose": "symptom", "Glossary": "term"}
    return found | {title: course.of_kind(kind) for title, kind in kinds.items()}


def meta(page: LexborHTMLParser, selector: str) -> str:
    """Read what a page's head says of it."""
    return page.css_first(selector).attributes["content"]


def listing(title: str, pages: list[Page]) -> str:
    """Write a section of `llms.txt`: a link and a sentence for each page."""
    return "\n".join([f"## {title}\n", *(f"- [{p.title}]({p.url}): {p.lead}" for p in pages)])


def full_text(course: Course, site: Path, pages: dict[Path, str]) -> str:
    """Write `llms-full.txt` from the built pages, so that it has what the edition has."""
    texts = []
    for page in (page for found in shelves(course).values() for page in found):
        built = pages.get(site / page.url / "index.html")
        article = LexborHTMLParser(built).css_first("article") if built else None
        if article:
            texts.append("\n\n".join([f"<{page.url}>", *blocks_of(article)]))
    return "\n\n".join(texts) + "\n"


def blocks_of(article: LexborNode) -> Iterator[str]:
    """Walk over an article's blocks of text, as plain Markdown."""
    for node in article.css(NOT_READ):
        node.decompose()
    for node in article.css(PROSE):
        inside = node.css(PROSE)
        if len(inside) > 1 or (inside and inside[0] != node):
            continue  # its parts come by themselves
        if node.tag == "pre":
            yield f"```\n{node.text().strip()}\n```"
        elif text := " ".join(node.text().split()):
            mark = "#" * int(node.tag[1]) + " " if node.tag in ("h1", "h2", "h3", "h4") else ""
            yield f"{'- ' if node.tag == 'li' else mark}{text}"


def catalogue_records(course: Course, folder: str) -> Iterator[dict[str, Any]]:
    """Write a catalogue's entries as data, for the filter and for anyone else."""
    for page in course.of_kind(CATALOGUES[folder]):
        users = course.used_in.get(page.uri, [])
        yield {
            "id": page.id,
            "title": page.title,
            "url": page.url,
            "definition": page.lead,
            **(term_facts(page) if page.kind == "term" else symptom_facts(page)),
            "used_in": [{"title": user.title, "url": user.url} for user in users],
        }


def term_facts(page: Page) -> dict[str, Any]:
    """Return what a term's front matter says."""
    meta = page.meta
    return {
        "theme": meta.theme,
        "aliases": meta.aliases,
        "asked": meta.asked,
        "names": exports.without_markdown(meta.names.model_dump()),
        "false_friends": [exports.without_markdown(f.model_dump()) for f in meta.false_friends],
        "related": meta.related,
    }


def symptom_facts(page: Page) -> dict[str, Any]:
    """Return what a symptom's front matter says."""
    meta = page.meta
    facts = {"theme": meta.mode, "asked": meta.seen, "tools": meta.tools, "chapter": meta.chapter}
    return {**facts, "aliases": [], "names": {}}
