"""The closed schemas of front matter: what each kind of page may and must say of itself."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from testbed.tools import TOOLS

# Spelled out, since a type checker runs no code; a test holds both to what they are the keys of.
Tool = Literal["airflow", "dagster", "prefect", "argo"]
Theme = Literal[
    "structure",
    "work",
    "time",
    "data",
    "engine",
    "waiting",
    "liveness",
    "failure-modes",
    "safety",
    "rules-and-states",
    "operations",
    "signals",
]
THEMES: dict[Theme, str] = {
    "structure": "Structure",
    "work": "Work",
    "time": "Time",
    "data": "Data",
    "engine": "Engine",
    "waiting": "Waiting",
    "liveness": "Liveness",
    "failure-modes": "Failure modes",
    "safety": "Safety",
    "rules-and-states": "Rules and states",
    "operations": "Operations",
    "signals": "Signals",
}
Sight = Literal[
    "nothing-ran", "waits", "failed", "ran-twice", "wrong-numbers", "late", "nobody-told-me"
]
SIGHTS: dict[Sight, str] = {  # in the order of the page Diagnose
    "nothing-ran": "Nothing ran",
    "waits": "It waits",
    "failed": "It failed",
    "ran-twice": "It ran twice",
    "wrong-numbers": "The numbers are wrong",
    "late": "It is late",
    "nobody-told-me": "Nobody told me",
}
Level = Literal["beginner", "intermediate", "advanced"]
Tag = Literal["failure mode", "scheduling", "state", "data quality", "operations", "internals"]


class Closed(BaseModel):
    """Data that has these keys and no other."""

    model_config = ConfigDict(extra="forbid")


class FrontMatter(Closed):
    """Keys that any page may have; a key that no kind of page knows is an error."""

    description: str | None = None
    hide: list[Literal["navigation", "toc", "path", "footer", "tags"]] = []


class LandingMeta(FrontMatter):
    """A track's or a course's own page."""

    promise: str


class ChapterMeta(FrontMatter):
    """A chapter's plan: what the reader can do afterwards, and what it takes."""

    promise: str
    objectives: list[str] = Field(min_length=2, max_length=6)
    level: Level
    needs: list[str] = []
    tools: list[Tool] = []
    minutes: int = Field(gt=0, le=40)
    tags: list[Tag] = Field(min_length=1)
    night: date  # on which its story happens, as tooling/course/nights.toml has it


class ToolName(Closed):
    """What one tool calls a thing: a name and the version since which it holds, or a note."""

    name: str | None
    since: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> ToolName:
        if self.name and not self.since:
            raise ValueError("a name needs `since`, the version from which it holds")
        if not self.name and not self.note:
            raise ValueError("`name: null` needs a `note` that says what people do instead")
        return self


class ToolNames(Closed):
    """One answer for each tool: `name: null` is an answer, a missing tool is an error."""

    airflow: ToolName
    dagster: ToolName
    prefect: ToolName
    argo: ToolName

    @property
    def by_tool(self) -> dict[str, ToolName]:
        """The answers, by tool."""
        return {tool: getattr(self, tool) for tool in TOOLS}


class FalseFriend(Closed):
    """A word that means another thing in each tool; `null` where a tool does not use it."""

    word: str
    airflow: str | None
    dagster: str | None
    prefect: str | None
    argo: str | None
    say: str  # instead

    @property
    def meanings(self) -> dict[str, str | None]:
        """What the word means, by tool."""
        return {tool: getattr(self, tool) for tool in TOOLS}

    @model_validator(mode="after")
    def _means_something(self) -> FalseFriend:
        if not any(self.meanings.values()):
            raise ValueError("a false friend means something in one tool at least")
        return self


class TermMeta(FrontMatter):
    """A glossary entry's facts."""

    theme: Theme
    aliases: list[str] = []
    names: ToolNames
    false_friends: list[FalseFriend] = []
    related: list[str] = []
    asked: list[str] = []  # what somebody asks who does not know the word; only the search reads it


class SymptomMeta(FrontMatter):
    """A symptom's facts: the words it is seen in, and the failure mode behind it."""

    seen: list[str] = Field(min_length=2)
    sees: Sight  # the group in which somebody looks for it who has only seen it
    mode: str
    chapter: str | None = None
    snippet: str | None = None
    tools: list[Tool] = Field(min_length=1)


Kind = Literal["home", "track", "course", "chapter", "lab", "term", "symptom", "page"]
SCHEMAS: dict[Kind, type[FrontMatter]] = {
    "track": LandingMeta,
    "course": LandingMeta,
    "chapter": ChapterMeta,
    "term": TermMeta,
    "symptom": SymptomMeta,
}
