"""All content keeps every rule: one test for each, which lists what breaks it."""

from __future__ import annotations

import pytest

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.rules import RULES, Rule

COURSE = Course.read(ROOT)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_content_keeps_rule(rule: Rule) -> None:
    problems = "\n".join(map(str, rule(COURSE)))
    assert not problems


def test_there_is_something_to_check() -> None:
    assert len(COURSE.pages) > 30
    assert len(RULES) > 20
