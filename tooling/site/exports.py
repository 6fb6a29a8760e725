"""What the site publishes for programs: the glossary's schema, and the course as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tooling.course.course import Course
from tooling.course.pages import Page, plain
from tooling.course.schema import (
    Closed,
    FalseFriend,
    Kind,
    SymptomMeta,
    TermMeta,
    Theme,
    Tool,
    ToolNames,
)

Data = TypeVar("Data", bound=Closed)
PROSE = "h1, h2, h3, h4, p, li, pre, th, td, summary"
NOT_READ = ".headerlink, .page-foot, .run, .catalogue-filter, nav, form, svg, .md-tags"


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


class SymptomEntry(Closed):
    """A symptom, as the same filter reads it: it has no other names."""

    id: str
    title: str
    url: str
    definition: str
    theme: str  # its failure mode
    asked: list[str]
    tools: list[Tool]
    chapter: str | None
    aliases: list[str]
    names: dict[str, str]
    used_in: list[Use]


class Diagnosis(Closed):
    """All symptoms of the course, by title."""

    entries: list[SymptomEntry]


def glossary_schema() -> dict[str, Any]:
    """Return the JSON Schema of `glossary.json`."""
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return draft | Glossary.model_json_schema(mode="serialization")


def in_words(model: Data) -> Data:
    """Copy a model with every text in it reduced to its words."""
    return model.model_validate(without_markdown(model.model_dump()))


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
    return page.css(selector)[0].attributes["content"] or ""


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


def glossary(course: Course) -> Glossary:
    """Describe every term of the glossary."""
    return Glossary(entries=[term_entry(course, page) for page in course.terms])


def term_entry(course: Course, page: Page[TermMeta]) -> Entry:
    """Describe a term: its definition, and what its front matter says, in words."""
    return Entry(
        id=page.id,
        title=page.title,
        url=page.url,
        definition=page.lead,
        theme=page.meta.theme,
        aliases=page.meta.aliases,
        asked=page.meta.asked,
        names=in_words(page.meta.names),
        false_friends=[in_words(friend) for friend in page.meta.false_friends],
        related=page.meta.related,
        used_in=uses(course, page),
    )


def diagnosis(course: Course) -> Diagnosis:
    """Describe every symptom of the diagnosis."""
    return Diagnosis(entries=[symptom_entry(course, page) for page in course.symptoms])


def symptom_entry(course: Course, page: Page[SymptomMeta]) -> SymptomEntry:
    """Describe a symptom: what it means, and what its front matter says."""
    return SymptomEntry(
        id=page.id,
        title=page.title,
        url=page.url,
        definition=page.lead,
        theme=page.meta.mode,
        asked=page.meta.seen,
        tools=page.meta.tools,
        chapter=page.meta.chapter,
        aliases=[],
        names={},
        used_in=uses(course, page),
    )


def uses(course: Course, page: Page) -> list[Use]:
    """List the pages that link to a page."""
    return [Use(title=user.title, url=user.url) for user in course.used_in.get(page.uri, [])]
