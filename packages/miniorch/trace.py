"""The event log made readable, and drawable."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from itertools import groupby
from typing import Any

from .records import Event

Frame = dict[str, Any]


def to_lines(events: Sequence[Event]) -> list[str]:
    """One line of text per event: seconds since the first event, who, what."""
    several = _several_runs(events)
    return [f"{_seconds(event, events):6g} s  {_sentence(event, several)}" for event in events]


def to_frames(events: Sequence[Event]) -> list[Frame]:
    """One frame for each instant at which something happened; a frame is JSON-able.

    t: seconds since the first event; runs and tasks: state by id; lanes: the attempt on each
    worker and where it is, null when idle; total: the warehouse in EUR; log: what happened.
    """
    frames: list[Frame] = []
    frame: Frame = {"runs": {}, "tasks": {}, "lanes": {}, "total": "0.00"}
    several = _several_runs(events)
    for seconds, at_once in groupby(events, key=lambda event: _seconds(event, events)):
        frame = {**deepcopy(frame), "t": seconds, "log": []}
        for event in at_once:
            _draw(event, frame)
            frame["log"].append(_sentence(event, several))
        frames.append(frame)
    return frames


def _draw(event: Event, frame: Frame) -> None:
    """Change the frame as the event says."""
    run, task = _run(event), f"{_run(event)}/{event.task_id}"
    lane = {"task": task, "attempt": event.attempt}
    match event.kind:
        case "run_created":
            frame["runs"][run] = "queued"
        case kind if kind.startswith("run_"):
            frame["runs"][run] = kind.removeprefix("run_")
        case "state":
            frame["tasks"][task] = event.detail["to"]
        case "started":
            frame["lanes"][event.worker] = {**lane, "at": "started"}
        case "point":
            frame["lanes"][event.worker] = {**lane, "at": event.detail["label"]}
        case "reported" | "worker_back":
            frame["lanes"][event.worker] = None
        case "worker_killed":
            frame["lanes"][event.worker] = {**lane, "at": "dead"}
        case "warehouse":
            frame["total"] = event.detail["total"]


def _seconds(event: Event, events: Sequence[Event]) -> float:
    return (event.at - events[0].at).total_seconds()


def _run(event: Event) -> str:
    return f"{event.dag_id}/{event.run_id}" if event.run_id else ""


def _several_runs(events: Sequence[Event]) -> bool:
    return len({_run(event) for event in events} - {""}) > 1


def _sentence(event: Event, several_runs: bool) -> str:
    """Who and what; a task's run is named only where there are several."""
    who = _run(event)
    if event.task_id:
        who = f"{event.task_id} #{event.attempt}" + (f" of {who}" if several_runs else "")
    detail = ", ".join(f"{key} {value}" for key, value in event.detail.items())
    match event.kind:
        case "state":
            what = f"{event.detail['was']} -> {event.detail['to']}"
        case "point":
            what = f"at {event.detail['label']!r}"
        case kind:
            what = kind.replace("_", " ") + (f": {detail}" if detail else "")
    return "  ".join(part for part in (who, event.worker, what) if part)
