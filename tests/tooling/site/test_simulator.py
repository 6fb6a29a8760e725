"""A simulation is whole, fits its drawing, and is drawn in its first frame; so is a still."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

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


AXIS = {"label": "", "start": 180, "end": 240, "ticks": [[180, "03:00"], [240, "04:00"]]}
QUESTION = {
    "asks": "How many rows?",
    "answers": [
        {"text": "10", "because": "The key is kept.", "right": True},
        {"text": "20", "because": "It would be so without a key."},
    ],
}
WITH_ALL = {
    "title": "A night",
    "choices": [{"label": "A turn takes", "options": [5, 27], "unit": "s"}],
    "graph": {
        "nodes": ["load", "stage", "publish"],
        "edges": [["load", "stage"], ["stage", "publish"], ["load", "publish"]],
    },
    "axis": AXIS,
    "lanes": ["worker", "database"],
    "curve": {
        "label": "seconds",
        "end": 100,
        "ticks": [[50, "50"]],
        "lines": ["age"],
        "thresholds": ["threshold"],
    },
    "runs": [
        {
            "choice": [turn],
            "bars": [
                {"lane": "worker", "start": 190, "end": 210, "state": "failed", "text": "load"},
                {"lane": "worker", "start": 214, "end": 230, "state": "done", "text": "load"},
            ],
            "events": [{"lane": "worker", "at": 210, "state": "failed", "text": "died"}],
            "arrows": [{"start": ["worker", 200], "end": ["database", 200]}],
            "lines": {"age": [[180, 0], [180 + turn, turn]]},
            "thresholds": {"threshold": 30},
            "frames": [
                {
                    "step": step,
                    "at": at,
                    "mark": [180 + turn, turn],
                    "nodes": {"load": "running", "stage": "waiting", "publish": "idle"},
                    "absent": [["load", "publish"]],
                    "log": [f"it is {step}"],
                    "question": QUESTION,
                }
                for at, step in ((200, "03:20"), (230, "03:50"))
            ],
        }
        for turn in (5, 27)
    ],
}


def read(tmp_path: Path, data: object) -> simulation.Simulation:
    recording = tmp_path / "crash_window.json"
    recording.write_text(json.dumps(data), encoding="utf-8")
    return simulation.read(recording)


def changed(path: str, value: object, whole: dict[str, Any] = WHOLE) -> dict[str, Any]:
    """The whole simulation with one value put elsewhere: `runs.0.frames.1.log` and the like."""
    data: Any = deepcopy(whole)
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


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("axis", None, "`lanes` and `curve` need an `axis`"),
        ("axis.end", 100, "`start` is not before `end`"),
        ("axis.ticks", [[180, "03:00"], [181, "03:01"]], "tick `03:00` runs into `03:01`"),
        ("runs.0.bars.0.lane", "nobody", "lane `nobody` is not one of ['worker', 'database']"),
        ("runs.0.bars.0.start", 212, "bar `load` ends before it starts"),
        ("runs.0.bars.0.end", 500, "is at 500, outside of the axis"),
        (
            "runs.0.bars.0.text",
            "load all of it again",
            "`load all of it again` runs into `load` in lane",
        ),
        ("runs.0.bars.1.text", "x" * 60, "in lane `worker` is too long for its place"),
        ("runs.0.events.0.text", "y" * 60, "in lane `worker` is too long for its place"),
        ("runs.0.arrows.0.end.0", "worker", "an arrow from lane `worker` to itself"),
        ("runs.0.lines", {}, "a run needs the lines ['age'] and the thresholds ['threshold']"),
        ("runs.0.thresholds.threshold", 101, "101 is outside of the curve's 100"),
        ("runs.0.frames.0.at", 20, "is at 20, outside of the axis"),
        ("runs.0.frames.0.nodes", {}, "needs the state of each node of ['load', 'stage'"),
        ("runs.0.frames.0.absent", [["stage", "load"]], "['stage', 'load'], which is no edge"),
        ("graph.edges.0", ["load", "gone"], "an edge at `gone`, which is no node"),
        ("graph.edges.0", ["publish", "load"], "the edges lead round in a cycle"),
        ("choices.0.unit", None, "option `5` is a number, which needs a `unit`"),
        ("choices.0.options", [27, 5], "the numbers of a slider do not rise"),
        ("runs.0.frames.0.question.answers.1.right", True, "one answer with `right`"),
    ],
)
def test_a_fault_of_a_picture_is_named(tmp_path: Path, path: str, value: object, says: str) -> None:
    read(tmp_path, WITH_ALL)
    with pytest.raises(ValueError) as problem:
        read(tmp_path, changed(path, value, WITH_ALL))
    assert says in str(problem.value)
    assert "\n" not in str(problem.value)


def test_what_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "crash_window.json").write_text("Traceback", encoding="utf-8")
    with pytest.raises(ValueError, match="simulation: Invalid JSON"):
        simulation.read(tmp_path / "crash_window.json")


def test_the_first_frame_is_drawn(tmp_path: Path) -> None:
    text = simulator.markup(read(tmp_path, WHOLE), "crash_window", "../crash_window.json")
    assert 'data-frames="../crash_window.json"' in text
    assert '<g class="drawing__cell" data-state="idle">' in text
    assert "load #1 &lt;idle&gt;" in text
    assert [one.text() for one in LexborHTMLParser(text).css("dd")] == ["€0.00"]
    assert "\n\n" not in text  # Markdown would end the block there


def drawn(tmp_path: Path, data: dict[str, Any]) -> LexborHTMLParser:
    return LexborHTMLParser(simulator.markup(read(tmp_path, data), "night", "night.json"))


def shown(page: LexborHTMLParser, selector: str) -> list[str]:
    found = page.css(f"{selector}:not([display])")
    return [f"{one.attributes['data-state']} {one.text()}" for one in found]


def test_what_is_after_now_is_not_told(tmp_path: Path) -> None:
    page = drawn(tmp_path, WITH_ALL)
    assert shown(page, ".drawing__bar") == ["running load"]  # which will have failed
    assert shown(page, ".drawing__event") == []
    (bar,) = page.css(".drawing__bar:not([display]) rect")
    assert (bar.attributes["x"], bar.attributes["width"]) == ("16.67%", "16.66%")
    later = drawn(tmp_path, changed("runs.0.frames.0.at", 235, WITH_ALL))
    assert shown(later, ".drawing__bar") == ["failed load", "done load"]
    assert shown(later, ".drawing__event") == ["failed died"]


def test_a_node_stands_below_those_that_lead_to_it(tmp_path: Path) -> None:
    page = drawn(tmp_path, WITH_ALL)
    tops = [float(box.attributes["y"] or "") for box in page.css(".drawing__graph rect")]
    assert tops == sorted(tops) and len(set(tops)) == 3
    assert [edge.attributes for edge in page.css(".drawing__edge[data-absent]")]


def test_a_number_is_set_by_a_slider_that_says_its_unit(tmp_path: Path) -> None:
    (slider,) = drawn(tmp_path, WITH_ALL).css(".simulator__slider input")
    assert (slider.attributes["max"], slider.attributes["aria-valuetext"]) == ("1", "5 s")


def test_all_is_there_without_a_script(tmp_path: Path) -> None:
    page = drawn(tmp_path, WITH_ALL)
    steps = [item.text(deep=False) for item in page.css(".simulator__log > ol > li")]
    assert steps == ["03:20", "03:50"]
    (guess,) = page.css(".admonition.guess")  # the same in each run and frame: written once
    assert guess.attributes["data-at"] == "0.0 0.1 1.0 1.1"
    assert [one.attributes["class"] for one in guess.css("details")] == ["right", "wrong"]


def test_every_state_has_its_mark_in_the_key(tmp_path: Path) -> None:
    key = [one.text() for one in drawn(tmp_path, WITH_ALL).css(".drawing__key li")]
    assert key == ["waiting", "running", "done", "failed", "age"]


def test_a_still_has_a_caption_and_no_control(tmp_path: Path) -> None:
    data = WITH_ALL | {"choices": [], "runs": [WITH_ALL["runs"][0] | {"choice": []}]}
    text = simulator.still(read(tmp_path, data), "night", "Look at <this>.")
    assert "<figcaption>Look at &lt;this&gt;.</figcaption>" in text
    assert "<li>it is 03:20</li>" in text
    assert not LexborHTMLParser(text).css("input, button, form")
    assert "\n\n" not in text
