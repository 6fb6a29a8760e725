"""The closed schemas say what the rest of the course says."""

from __future__ import annotations

from typing import get_args

from testbed.tools import TOOLS
from tooling.course.schema import THEMES, FalseFriend, Theme, Tool, ToolNames


def test_a_page_may_name_every_tool_and_every_theme() -> None:
    assert get_args(Tool) == tuple(TOOLS)
    assert get_args(Theme) == tuple(THEMES)


def test_a_term_answers_for_every_tool() -> None:
    assert list(ToolNames.model_fields) == list(TOOLS)
    assert set(TOOLS) < set(FalseFriend.model_fields)
