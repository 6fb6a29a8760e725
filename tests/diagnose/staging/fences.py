"""The queries and commands on the diagnosis pages: what a reader pastes, and where it runs."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from testbed.sandbox import ROOT
from testbed.tools import NONE, TOOLS
from tests.words import COURSE
from tooling.course.embeds import Embed
from tooling.course.lines import lines_of
from tooling.course.pages import Page, has_meta
from tooling.course.schema import SymptomMeta

PAGES = {Path(uri).stem: page for uri, page in COURSE.pages.items() if uri.startswith("diagnose/")}
BY_TITLE = {tool.title: tool.name for tool in TOOLS.values()}
TAB = re.compile(r'=== "(\w+)"')
WAREHOUSE = NONE  # the session without an orchestrator asks the warehouse
OF_THE_WAREHOUSE = "-- in the warehouse"  # what such a query says on a page of one tool


@dataclass(frozen=True)
class Fence:
    """One fence of a page: its words, and the session that runs it."""

    symptom: str
    line: int
    section: str
    tool: str
    language: str
    code: str

    def __str__(self) -> str:
        return f"{self.symptom}:{self.line}"


def fences_of(page: Page) -> Iterator[Fence]:
    """Walk over a page's fences; what stands outside the tabs is the page's only tool's."""
    tools = page.meta.tools if has_meta(page, SymptomMeta) else []
    outside = tools[0] if len(tools) == 1 else WAREHOUSE
    tool = outside
    for fenced, group in groupby(lines_of(page), key=lambda line: line.fence is not None):
        lines = list(group)
        if fenced:
            yield from split(page, lines, tool, outside)
            continue
        for line in lines:
            if tab := TAB.match(line.text):
                tool = BY_TITLE[tab[1]]
            elif line.text and not line.text.startswith(" "):
                tool = outside


def split(page: Page, lines: list, tool: str, outside: str) -> Iterator[Fence]:
    """Cut the fences that follow each other without a line between them."""
    opened = None
    for line in lines:
        if opened is None:
            opened, code = line, []
        elif line.text.strip() == "```":
            indented = opened.text.startswith(" ")
            text = textwrap.dedent("\n".join(code))
            whose = tool if indented else outside
            if text.startswith(OF_THE_WAREHOUSE):
                whose = WAREHOUSE
            place = (Path(page.uri).stem, opened.number, opened.section)
            yield Fence(*place, whose, opened.fence, text)
            opened = None
        else:
            code.append(line.text)


def is_run(fence: Fence) -> bool:
    """Tell what a reader pastes from what a program printed, and from a picture."""
    printed = fence.language == "text" and Embed.parse(fence.code)
    return not (printed or fence.language == "screen")


FENCES = [fence for page in PAGES.values() for fence in fences_of(page) if is_run(fence)]


def run_by(tool: str) -> dict[str, list[Fence]]:
    """The fences that one tool's session runs, by symptom."""
    mine = (fence for fence in FENCES if fence.tool == tool)
    return {symptom: list(group) for symptom, group in groupby(mine, key=lambda one: one.symptom)}


def stage_of(symptom: str, tool: str) -> Path:
    """Where a symptom is staged for a tool."""
    name = "warehouse" if tool == WAREHOUSE else tool
    return ROOT / "tests" / "diagnose" / symptom / f"test_{name}.py"
