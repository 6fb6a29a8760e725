"""The content rules: each is one function, and its docstring shows the fix.

A rule takes the course and yields problems. The page `docs/contribute/rules.md` is made from the
docstrings. `tests/tooling/rules/examples/` has, for each rule, what it allows and what it forbids.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tooling.course.course import Course

PAGE = "contribute/rules/"  # where each rule is explained, below the site's root


@dataclass(frozen=True, order=True)
class Problem:
    """One problem: where it is, what is wrong, what would be right, and which rule says so."""

    path: str  # below the root
    line: int  # from 1
    what: str
    fix: str
    rule: str = ""  # filled in by the rule itself

    @property
    def message(self) -> str:
        """What is wrong, what would be right, and where that is explained."""
        return f"{self.what}; {self.fix} ({PAGE}#{self.rule})"

    def __str__(self) -> str:
        """Write it as compilers do, so that editors can jump to it."""
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Rule:
    """A function that finds problems, under the name that a contributor reads."""

    find: Callable[[Course], Iterator[Problem]]

    @property
    def name(self) -> str:
        """The function's name in kebab-case; also its anchor on the page of the rules."""
        return self.find.__name__.replace("_", "-")

    @property
    def group(self) -> str:
        """The module that the rule stands in."""
        return self.find.__module__.rpartition(".")[2]

    @property
    def text(self) -> str:
        """The docstring: Markdown that says what is right, with an example."""
        return inspect.cleandoc(self.find.__doc__ or "")

    def __call__(self, course: Course) -> Iterator[Problem]:
        """Yield what breaks this rule, each problem with the rule's name."""
        for problem in self.find(course):
            yield replace(problem, rule=self.name)


RULES: list[Rule] = []


def rule(find: Callable[[Course], Iterator[Problem]]) -> Rule:
    """Add a function to the list of rules."""
    RULES.append(Rule(find))
    return RULES[-1]


from tooling.rules import (  # noqa: E402, F401 - they register
    catalogue,
    chapter,
    code,
    exercise,
    files,
    links,
    locks,
    markup,
    nights,
    placeholders,
    planned,
    queries,
    screens,
    structure,
    tests,
    text,
)
