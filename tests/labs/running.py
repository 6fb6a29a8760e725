"""Run a lab, as it is or changed, and look at what it computes."""

from __future__ import annotations

from typing import Any

from testbed.sandbox import LABS


def run_lab(name: str, *changes: tuple[str, str]) -> dict[str, Any]:
    """Run a lab with some of its text replaced, and return its names."""
    text = (LABS / f"{name}.py").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"{name} has no `{old}` to change"
        text = text.replace(old, new)
    names: dict[str, Any] = {}
    exec(compile(text, name, "exec"), names)
    return names
