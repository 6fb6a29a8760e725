"""The names in queries and commands that a reader puts their own in the place of.

A fence says them as the story does, such as `'nightly'`, so that the tests run it as it stands.
Where one of these names stands, and only there, the site can fill in the reader's; what it is
written in decides how: a name in a SQL string is escaped otherwise than a word of a shell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tooling.course.lines import lines_of
from tooling.course.pages import Page, has_meta
from tooling.course.schema import ChapterMeta

DAY = date(2026, 3, 13)  # that the symptoms ask for; a chapter asks for the day before its night
WEEK = 7  # days: a date further away is of another story, as that of a change of the clocks
CARD = "card"  # the part of a chapter whose queries are meant to be pasted


@dataclass(frozen=True)
class Name:
    """One name that a reader gives."""

    key: str
    label: str
    stands: str  # how the story writes it, for the form
    patterns: tuple[str, ...]  # each matches what is replaced, and nothing around it


# In this order: what says more about its surroundings stands before what says less.
NAMES = (
    Name(
        "pipeline",
        "Dag, flow, job or CronWorkflow",
        "nightly",
        (r"(?<![\w.-])nightly(?!\w)", r"(?<=dag_id = ')publish(?=')", r"(?<=\bdag=)publish\b"),
    ),
    Name(
        "run",
        "Run: its id, or the Workflow's name",
        "<run id>",
        (
            r"<run id>",
            r'"\$(?:RUN_ID|FLOW_RUN_ID|WORKFLOW)"',
            r"\$(?:RUN_ID|FLOW_RUN_ID|WORKFLOW)\b",
        ),
    ),
    Name(
        "task",
        "Task, step or template",
        "load_orders",
        (r"(?<![\w.-])(?:load[_-]orders|load_rates|load[_-]file|send[_-]invoices)(?!\w)",),
    ),
    Name(
        "next_task",
        "Task behind it",
        "fct_revenue_daily",
        (
            r"(?:(?<=task_id = ')|(?<=task_id=)|(?<=-t ))fct_revenue_daily\b",
            r"(?<=displayName=)fct-revenue-daily\b",
        ),
    ),
    Name("asset", "Asset (Dagster)", "raw_orders", (r"(?<![\w.])raw_orders\b",)),
    Name(
        "next_asset",
        "Asset behind it (Dagster)",
        "fct_revenue_daily",
        (r"""(?:(?<=\[")|(?<=--select '))fct_revenue_daily\b""",),
    ),
    Name("table", "Table that is loaded", "raw.orders", (r"(?<![\w.])raw\.orders\b",)),
    Name(
        "next_table",
        "Table behind it",
        "fct_revenue_daily",
        (r"(?<![\w.-])fct_revenue_daily(?![\w-])",),
    ),
    Name("deployment", "Deployment (Prefect)", "production", (r"(?<=nightly/)prod(?:uction)?\b",)),
    Name("work_pool", "Work pool (Prefect)", "$POOL", (r'"\$POOL"',)),
    Name("module", "Module (Dagster)", "pipelines", (r"(?<=-m )pipelines\b",)),
    Name(
        "connection",
        "Connection (Airflow)",
        "warehouse",
        (r"(?:(?<=connections get )|(?<=conn_id = '))warehouse\b",),
    ),
    Name("change", "Words of your change", "<text of your change>", (r"<text of your change>",)),
    Name("day", "Day; the dates around it move along", f"{DAY}", (r"\b20\d\d-[01]\d-[0-3]\d",)),
)
IDENTIFIERS = {"table", "next_table"}  # all others stand in a query between quotes only
BY_KEY = {name.key: name for name in NAMES}
ANY = re.compile("|".join(f"(?P<{name.key}>{'|'.join(name.patterns)})" for name in NAMES))

Ways = tuple[str, ...]  # how a name is written, from the innermost language outwards


@dataclass(frozen=True)
class Place:
    """Where in a fence a reader's name goes, and how it is written there."""

    start: int
    end: int
    name: Name
    ways: Ways
    days: int = 0  # between the story's day and this date


def places(language: str, code: str, day: date = DAY) -> Iterator[Place]:
    """Walk over the places of a query or a command; a comment has none."""
    ways = LEXERS[language](code) if language in LEXERS else []
    for match in ANY.finditer(code) if ways else ():
        name, written = BY_KEY[match.lastgroup or ""], ways[match.start()]
        days = (date.fromisoformat(match[0]) - day).days if name.key == "day" else 0
        identifier = written[-1:] == ("ident",)
        if written and abs(days) <= WEEK and (name.key in IDENTIFIERS or not identifier):
            yield Place(*match.span(), name, written, days)


def day_of(page: Page) -> date:
    """Return the day that the queries of a page ask for: in a chapter the one before its night."""
    return page.meta.night - timedelta(days=1) if has_meta(page, ChapterMeta) else DAY


def ways_in_sql(code: str) -> list[Ways]:
    """Tell for each character how a name would be written there."""
    found: list[Ways] = []
    state, inner = "ident", False  # `inner`: in a string of the JSON that is in a string
    for at, char in enumerate(code):
        if state == "ident" and code.startswith("--", at):
            state = "comment"
        within = ("json",) if inner else ()
        found.append(() if state == "comment" else (*within, state))
        if state == "comment":
            state = "ident" if char == "\n" else state
        elif char == "'":
            state, inner = ("ident" if state == "sql" else "sql"), False
        elif char == '"' and state == "sql":
            inner = not inner
    return found


URL = re.compile(r"https?://|/api/v\d")
SHELL: dict[str, str] = {"": "word", "'": "sq", '"': "dq"}


def ways_in_shell(code: str) -> list[Ways]:
    """Tell for each character how a name would be written there.

    A string of JSON, or of jq, goes on where the quotes of the shell close and open within a word.
    """
    found: list[Ways] = []
    quote, word, inner = "", "", False
    for char in code:
        comment = word.startswith("#")
        within = ("json",) if inner else ("url",) if URL.search(word) else ()
        found.append(() if comment else (*within, SHELL[quote]))
        if not quote and char.isspace() and (char == "\n" or not comment):
            word, inner = "", False
            continue
        if comment:
            continue
        if not quote and char in SHELL:
            quote = char
        elif char == quote and not word.endswith("\\"):
            quote = ""
        elif char == '"':
            inner = not inner
        word += char
    return found


LEXERS = {"sql": ways_in_sql, "bash": ways_in_shell}


@dataclass(frozen=True)
class Fence:
    """A query or a command that a reader pastes."""

    line: int  # of its first line, from 1
    language: str
    code: str


def is_pasted(page: Page, section: str) -> bool:
    """Tell whether the fences of a section are meant for the reader's own systems."""
    if page.kind == "chapter":
        return section == CARD
    return page.uri.startswith("diagnose/")


def fences(page: Page) -> Iterator[Fence]:
    """Walk over the queries and commands of a page that a reader pastes."""
    opened, code = None, list[str]()
    for line in lines_of(page):
        if opened is None and line.fence is not None:
            opened, code = line, []
        elif opened is not None and line.is_fence:
            if is_pasted(page, opened.section):
                yield Fence(opened.number + 1, opened.fence or "", "\n".join(code))
            opened = None
        elif opened is not None:
            code.append(line.text)
