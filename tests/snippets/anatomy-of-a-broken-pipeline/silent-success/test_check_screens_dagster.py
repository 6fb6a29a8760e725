from __future__ import annotations

from pathlib import Path

from tests.snippets.screens import said

SAID = said(Path(__file__))


def test_the_check_failed() -> None:
    assert 'img "close" text: 0 / 1 Passed' in SAID["graph"]["check"]


def test_the_figure_was_not_published() -> None:
    assert "0% filled (1 failed)" in SAID["graph"]["held"]
