"""What a promise of screens needs: what their recording says is in the pictures."""

from __future__ import annotations

from pathlib import Path

from testbed.sandbox import SNIPPETS
from tooling.course import screens

HERE = Path(__file__).parent


def said(test: Path) -> dict[str, dict[str, str]]:
    """Return what each mark of each screen says; tests/content holds it to the running tool."""
    folder, name = test.parent.relative_to(HERE), test.stem.removeprefix("test_")
    recording = SNIPPETS / folder / f"{name}.json"
    found = screens.read(recording).screens
    return {
        screen: {mark: one.says for mark, one in found[screen].marks.items()} for screen in found
    }
