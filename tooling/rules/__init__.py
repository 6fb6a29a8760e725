"""The content rules: each is one function, and its docstring shows the fix.

A rule takes the course and yields problems. `docs/contribute/rules.md` is made from the
docstrings; `tests/problems/` plants what each forbids and sees it found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tooling.course.course import Course


@dataclass(frozen=True, order=True)
class Problem:
    """One problem: where it is, what is wrong, what would be right."""

    path: str  # below the root
    line: int  # from 1
    what: str
    fix: str

    def __str__(self) -> str:
        """Write it as compilers do, so that editors can jump to it."""
        return f"{self.path}:{self.line}: {self.what}; {self.fix}"


Rule = Callable[[Course], Iterator[Problem]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Enter a function into the list of rules."""
    RULES.append(function)
    return function


from tooling.rules import catalogue, chapter, code, links, structure  # noqa: E402, F401 - they register
