"""What the site publishes as JSON: the entries of both catalogues, and the glossary's schema."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import Field

from tooling.course.course import Course
from tooling.course.pages import Page, plain
from tooling.course.schema import (
    Closed,
    FalseFriend,
    Sight,
    SymptomMeta,
    TermMeta,
    Theme,
    Tool,
    ToolNames,
)

Data = TypeVar("Data", bound=Closed)


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
    sees: Sight  # what one sees of it
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
        sees=page.meta.sees,
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
