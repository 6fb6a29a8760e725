from __future__ import annotations

from pathlib import Path

from tests.snippets.screens import said

SAID = said(Path(__file__))


def test_the_newest_night_is_late() -> None:
    assert SAID["late"]["state"] == "text: Late"


def test_it_waits_in_a_pool() -> None:
    assert 'link "warehouse"' in SAID["late"]["pool"]
