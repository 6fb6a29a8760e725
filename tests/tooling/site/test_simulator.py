"""A simulation is whole, fits its drawing, and is drawn in its first frame."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tooling.course import simulation
from tooling.site import simulator

FRAMES = [
    {
        "step": step,
        "rows": [{"label": "Attempt 1", "cells": [{"text": "write", "state": state}]}],
        "facts": {"Warehouse": total},
        "log": [f"load #1 <{state}>"],
    }
    for step, state, total in (("start", "idle", "€0.00"), ("write", "done", "€1,000.00"))
]
WHOLE = {
    "title": "Crash Window",
    "steps": "Where it dies",
    "choices": [{"label": "How it writes", "options": ["append", "merge"]}],
    "runs": [{"choice": [option], "frames": FRAMES} for option in ("append", "merge")],
}


def read(tmp_path: Path, data: object) -> simulation.Simulation:
    recording = tmp_path / "crash_window.json"
    recording.write_text(json.dumps(data), encoding="utf-8")
    return simulation.read(recording)


def changed(path: str, value: object) -> dict[str, Any]:
    """The whole simulation with one value put elsewhere: `runs.0.frames.1.log` and the like."""
    data: Any = deepcopy(WHOLE)
    *way, last = (int(key) if key.isdigit() else key for key in path.split("."))
    place = data
    for key in way:
        place = place[key]
    place[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("author", "me", "author: Extra inputs are not permitted"),
        ("runs.1.choice", ["append"], "needs one for each of [['append'], ['merge']]"),
        ("runs.0.frames.1.facts", {}, "every frame needs the same rows, cells in a row, and facts"),
        ("runs.0.frames.1.rows.0.label", "Attempt 2", "every frame needs the same rows"),
        ("runs.0.frames.1.rows.0.cells.0.state", "odd", "runs.0.frames.1.rows.0.cells.0.state"),
        ("runs.0.frames.1.rows.0.cells.0.text", "w" * 47, "is longer than the 46 characters"),
        ("runs.0.frames.1.log", [], "at least 1 item"),
        ("arrows", [[[0, 0], [0, 1]]], "an arrow at [0, 1], where no cell is"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, path: str, value: object, says: str) -> None:
    read(tmp_path, WHOLE)
    with pytest.raises(ValueError) as problem:
        read(tmp_path, changed(path, value))
    assert says in str(problem.value)
    assert "\n" not in str(problem.value)


def test_what_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "crash_window.json").write_text("Traceback", encoding="utf-8")
    with pytest.raises(ValueError, match="simulation: Invalid JSON"):
        simulation.read(tmp_path / "crash_window.json")


def test_the_first_frame_is_drawn(tmp_path: Path) -> None:
    text = simulator.markup(read(tmp_path, WHOLE), "crash_window", "../crash_window.json")
    assert 'data-frames="../crash_window.json"' in text
    assert '<g class="simulator__cell" data-state="idle">' in text
    assert "load #1 &lt;idle&gt;" in text
    assert "€0.00" in text and "€1,000.00" not in text
    assert "\n\n" not in text  # Markdown would end the block there
