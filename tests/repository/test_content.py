"""There is content to check. The rules need no test here: `check` applies them before its tests."""

from __future__ import annotations

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.rules import RULES


def test_there_is_something_to_check() -> None:
    assert len(Course.read(ROOT).pages) > 30
    assert len(RULES) > 20
