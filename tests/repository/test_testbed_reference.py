"""The testbed's reference page has all that a chapter's programs and tests call of it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from testbed.sandbox import PACKAGES, ROOT

PAGE = (ROOT / "docs" / "reference" / "testbed.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^::: (testbed\S+)\n(?: {4}.*\n)*? {6}members: \[(.*)\]$", re.M)
ON_THE_PAGE = {(m[1], name) for m in SECTION.finditer(PAGE) for name in m[2].split(", ")}
ROOMS = (ROOT / "snippets", ROOT / "tests" / "snippets")
CHAPTERS = [path for room in ROOMS for path in sorted(room.glob("*/*/*.py"))]


@cache
def defined(module: str) -> set[str]:
    """Name the functions and the classes of a module."""
    path = (PACKAGES / module.replace(".", "/")).with_suffix(".py")
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def imported(program: Path) -> set[tuple[str, str]]:
    """Name what a program imports of the testbed that is defined there."""
    text = program.read_text(encoding="utf-8")
    nodes = ast.walk(ast.parse(text if "testbed." in text else ""))  # as in most there is nothing
    return {
        (node.module, name.name)
        for node in nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("testbed.")
        for name in node.names
        if name.name in defined(node.module)
    }


def test_what_chapters_call_is_on_the_page() -> None:
    called = set().union(*map(imported, CHAPTERS))
    assert ("testbed.airflow.installation", "installation") in called
    assert not called - ON_THE_PAGE


def test_the_page_names_nothing_that_is_not_there() -> None:
    assert not {one for one in ON_THE_PAGE if one[1] not in defined(one[0])}
