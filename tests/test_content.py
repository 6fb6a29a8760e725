"""Every page keeps every content rule; the test's id names both."""

from __future__ import annotations

from pathlib import Path

import pytest

from tooling.course import Course
from tooling.rules import RULES, Finding, Rule
from tooling.rules.place import where

COURSE = Course.read(Path.cwd())
FOUND = {rule: list(rule(COURSE)) for rule in RULES}
PAGES = [where(page) for page in COURSE.pages.values()]


def name(value: object) -> str:
    return getattr(value, "__name__", str(value))


@pytest.mark.parametrize("rule", RULES, ids=name)
@pytest.mark.parametrize("page", PAGES, ids=name)
def test_page_keeps_rule(page: str, rule: Rule) -> None:
    assert not told([one for one in FOUND[rule] if one.path == page])


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_rest_of_the_tree_keeps_rule(rule: Rule) -> None:
    assert not told([one for one in FOUND[rule] if one.path not in PAGES])


def test_there_is_something_to_check() -> None:
    assert len(PAGES) > 30
    assert len(RULES) > 20


def told(findings: list[Finding]) -> str:
    return "\n".join(str(one) for one in findings)
