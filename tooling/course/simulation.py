"""A simulation as its program records it: what is fixed, what each run has, and its frames.

A picture has any of four parts: a board of `rows`, a `graph`, `lanes` on an axis, a `curve` over
the same axis. What never changes stands in the simulation, what a choice changes in its run, and
a frame holds only what changes from one step to the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

State = Literal["idle", "waiting", "running", "done", "failed", "skipped", "marked", "changed"]
STATES: tuple[State, ...] = get_args(State)
ROOM = 48  # characters of text in a row of cells
WIDTH = 300  # in the drawing's units, about a phone's pixels
CHARACTER, MARK = 6.4, 16  # the width of a character at most, and of a state's mark with its gap
HALF = 0.55  # of the axis: what begins after it has its text to the left
FRAME = 4  # how deep a frame stands: in the list `frames` of an object in the list `runs`
KILOBYTES = 60
Option = str | int | float
Point = tuple[float, float]
Cells = list[tuple[float, float, str]]


class Model(BaseModel):
    """Data with no key that nobody knows."""

    model_config = ConfigDict(extra="forbid")


class Cell(Model):
    """A thing in some state: a task, a row of a table, a step."""

    text: str
    state: State


class Row(Model):
    """Cells side by side, below what they are."""

    label: str = Field(max_length=40)
    cells: list[Cell] = Field(min_length=1, max_length=6)

    @model_validator(mode="after")
    def _fits(self) -> Row:
        for cell in self.cells:
            fits(cell.text, len(self.cells))
        return self


def fits(text: str, cells: int) -> None:
    """Raise if a text is too long for one of so many cells in a row."""
    room = ROOM // cells - 2 * (cells < 6)
    if len(text) > room:
        raise ValueError(f"`{text}` is longer than the {room} characters of its cell")


class Graph(Model):
    """Nodes, which are placed by layer, and the edges that lead from one to another."""

    label: str = Field(default="", max_length=40)
    nodes: list[str] = Field(min_length=2, max_length=16)
    edges: list[tuple[str, str]] = Field(max_length=32)

    @property
    def layers(self) -> list[list[str]]:
        """Nodes by the length of the longest way to them."""
        depth = dict.fromkeys(self.nodes, 0)
        for start, end in self.edges * len(self.nodes):
            depth[end] = max(depth[end], depth[start] + 1)
        return [
            [one for one in self.nodes if depth[one] == n] for n in range(max(depth.values()) + 1)
        ]

    @model_validator(mode="after")
    def _is_acyclic(self) -> Graph:
        for start, end in self.edges:
            for node in (start, end):
                if node not in self.nodes:
                    raise ValueError(f"an edge at `{node}`, which is no node")
        done: set[str] = set()
        while ready := [n for n in self.nodes if n not in done and self._upstream(n) <= done]:
            done.update(ready)
        if len(done) < len(self.nodes):
            raise ValueError("the edges lead round in a cycle; a graph is drawn by its layers")
        for layer in self.layers:
            for node in layer:
                fits(node, len(layer))
        return self

    def _upstream(self, node: str) -> set[str]:
        return {start for start, end in self.edges if end == node}


class Axis(Model):
    """What runs from left to right, in any unit: minutes since midnight, a number of workers."""

    label: str = Field(max_length=40)
    start: float
    end: float
    ticks: list[tuple[float, str]] = Field(min_length=2, max_length=8)
    time: bool = True  # what lies after the frame's `at` has not happened yet

    @model_validator(mode="after")
    def _fits(self) -> Axis:
        if self.start >= self.end:
            raise ValueError("`start` is not before `end`")
        spans = [self.span(at, text, "middle") for at, text in self.ticks]
        for (_, left, text), (right, _, other) in pairwise(spans):
            if left + 4 > right:
                raise ValueError(f"tick `{text}` runs into `{other}`; leave one out")
        return self

    def place(self, at: float) -> float:
        """Return where a position lies, in hundredths of the width."""
        return round(100 * (at - self.start) / (self.end - self.start), 2)

    def span(self, at: float, text: str, anchor: str) -> tuple[float, float, str]:
        """Return what a text takes of the smallest drawing, moved inside for the middle ones."""
        if not self.start <= at <= self.end:
            raise ValueError(f"`{text or at}` is at {at:g}, outside of the axis")
        x, width = self.place(at) * WIDTH / 100, CHARACTER * len(text)
        if anchor == "middle":
            left = min(max(x - width / 2, 0), WIDTH - width)
            return left, left + width, text
        return (x - width, x, text) if anchor == "end" else (x, x + width, text)


class Bar(Model):
    """Something in a lane that takes time; its text begins at its left edge."""

    lane: str
    start: float
    end: float
    state: State
    text: str = ""


class Event(Model):
    """Something in a lane that happens at one time."""

    lane: str
    at: float
    state: State
    text: str = ""


class Arrow(Model):
    """A message or a cause, from a time in one lane to a time in another."""

    start: tuple[str, float]
    end: tuple[str, float]


class Curve(Model):
    """The plot over the axis: what goes up, and the names of the lines and of the thresholds."""

    label: str = Field(max_length=40)
    start: float = 0
    end: float
    ticks: list[tuple[float, str]] = Field(min_length=1, max_length=6)
    lines: list[str] = Field(min_length=1, max_length=3)
    thresholds: list[str] = Field(default=[], max_length=2)


class Answer(Model):
    """What a reader may guess, and why it is so or not."""

    text: str = Field(max_length=90)
    because: str
    right: bool = False


class Question(Model):
    """A guess: it stands until the reader has answered, and only then does the next frame come."""

    asks: str
    answers: list[Answer] = Field(min_length=2, max_length=4)

    @model_validator(mode="after")
    def _has_one_right_answer(self) -> Question:
        if sum(answer.right for answer in self.answers) != 1:
            raise ValueError("a question needs one answer with `right`, and no other")
        return self


class Frame(Model):
    """One instant, or one of several outcomes: what is drawn, the figures, and what happened."""

    step: str = Field(max_length=60)
    rows: list[Row] = Field(default=[], max_length=8)
    nodes: dict[str, State] = {}
    absent: list[tuple[str, str]] = []  # edges that are not there yet
    at: float | None = None  # the cursor on the axis
    mark: Point | None = None  # a point of the curve
    facts: dict[str, str] = Field(default={}, max_length=4)
    log: list[str] = Field(min_length=1, max_length=12)
    question: Question | None = None

    @property
    def shape(self) -> tuple[object, ...]:
        """What may not change from one frame to the next."""
        return (*((row.label, len(row.cells)) for row in self.rows), *self.facts)


class Choice(Model):
    """Options of which the reader takes one: words, or numbers with their unit on a slider."""

    label: str
    options: list[Option] = Field(min_length=2, max_length=12)
    unit: str | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> Choice:
        if self.unit is None and len(self.options) > 4:
            raise ValueError("more than 4 options in words; numbers need a `unit`")
        wanted = str if self.unit is None else int | float
        for option in self.options:
            if not isinstance(option, wanted):
                what = "a number, which needs a `unit`" if self.unit is None else "not a number"
                raise ValueError(f"option `{option}` is {what}")
        if self.unit is not None and self.options != sorted(self.options, key=float):
            raise ValueError("the numbers of a slider do not rise")
        return self

    def said(self, option: Option) -> str:
        """Write an option as a reader sees it."""
        return f"{option} {self.unit}".strip() if self.unit is not None else str(option)


class Run(Model):
    """What follows from one option of each choice: what is on the axis, and the frames."""

    choice: list[Option]
    bars: list[Bar] = Field(default=[], max_length=40)
    events: list[Event] = Field(default=[], max_length=24)
    arrows: list[Arrow] = Field(default=[], max_length=16)
    lines: dict[str, list[Point]] = {}
    thresholds: dict[str, float] = {}
    frames: list[Frame] = Field(min_length=1, max_length=30)


class Simulation(Model):
    """What the program of a simulator or of a still picture prints."""

    title: str
    steps: str = "Step"
    choices: list[Choice] = Field(default=[], max_length=3)
    arrows: list[tuple[tuple[int, int], tuple[int, int]]] = []  # between cells of the rows
    graph: Graph | None = None
    axis: Axis | None = None
    lanes: list[str] = Field(default=[], max_length=6)
    curve: Curve | None = None
    runs: Annotated[list[Run], Field(min_length=1)]

    @property
    def is_still(self) -> bool:
        """Whether there is nothing to step through."""
        return len(self.runs) == 1 and len(self.runs[0].frames) == 1

    @model_validator(mode="after")
    def _complete(self) -> Simulation:
        wanted = [list(one) for one in product(*(choice.options for choice in self.choices))]
        if sorted(map(repr, (run.choice for run in self.runs))) != sorted(map(repr, wanted)):
            raise ValueError(f"`runs` needs one for each of {wanted}")
        if len({frame.shape for run in self.runs for frame in run.frames}) > 1:
            raise ValueError("every frame needs the same rows, cells in a row, and facts")
        self._check_arrows()
        if (self.lanes or self.curve) and not self.axis:
            raise ValueError("`lanes` and `curve` need an `axis`")
        for run in self.runs:
            self._check_lanes(run)
            self._check_lines(run)
            for frame in run.frames:
                self._check_frame(frame)
        return self

    def _check_arrows(self) -> None:
        rows = [len(row.cells) for row in self.runs[0].frames[0].rows]
        for row, cell in (end for arrow in self.arrows for end in arrow):
            if not (row < len(rows) and cell < rows[row]):
                raise ValueError(f"an arrow at [{row}, {cell}], where no cell is")

    def _check_frame(self, frame: Frame) -> None:
        if not (frame.rows or self.graph or self.lanes or self.curve):
            raise ValueError(f"step `{frame.step}` draws nothing")
        nodes = self.graph.nodes if self.graph else []
        if sorted(frame.nodes) != sorted(nodes):
            raise ValueError(f"step `{frame.step}` needs the state of each node of {nodes}")
        for edge in frame.absent:
            if not self.graph or edge not in self.graph.edges:
                raise ValueError(f"`absent` has {list(edge)}, which is no edge")
        if frame.at is not None or frame.mark:
            if not self.axis:
                raise ValueError("`at` and `mark` need an `axis`")
            for at in (frame.at, frame.mark and frame.mark[0]):
                self.axis.span(self.axis.start if at is None else at, "", "middle")
        if frame.mark and not self.curve:
            raise ValueError("`mark` needs a `curve`")

    def _check_lanes(self, run: Run) -> None:
        """Hold what is in the lanes to the axis, and every text apart from the next."""
        ends = [end for arrow in run.arrows for end in (arrow.start, arrow.end)]
        named = [bar.lane for bar in run.bars] + [event.lane for event in run.events]
        for lane in [*named, *(lane for lane, _ in ends)]:
            if lane not in self.lanes:
                raise ValueError(f"lane `{lane}` is not one of {self.lanes}")
        if not self.axis:
            return
        for arrow in run.arrows:
            if arrow.start[0] == arrow.end[0]:
                raise ValueError(f"an arrow from lane `{arrow.start[0]}` to itself")
        for _, at in ends:
            self.axis.span(at, "", "middle")
        for lane in self.lanes:
            apart(lane, sorted(bar_spans(self.axis, (b for b in run.bars if b.lane == lane))))
            apart(lane, sorted(event_spans(self.axis, (e for e in run.events if e.lane == lane))))

    def _check_lines(self, run: Run) -> None:
        lines, thresholds = (self.curve.lines, self.curve.thresholds) if self.curve else ([], [])
        if list(run.lines) != lines or list(run.thresholds) != thresholds:
            raise ValueError(f"a run needs the lines {lines} and the thresholds {thresholds}")
        if self.curve and self.axis:
            points = [point for line in run.lines.values() for point in line]
            values = [y for _, y in points] + list(run.thresholds.values())
            for x, _ in points:
                self.axis.span(x, "", "middle")
            for y in values:
                if not self.curve.start <= y <= self.curve.end:
                    raise ValueError(f"{y:g} is outside of the curve's {self.curve.end:g}")


def turned(axis: Axis, at: float) -> bool:
    """Whether what begins here has its text to the left, where there is room."""
    return axis.place(at) > 100 * HALF


def bar_spans(axis: Axis, bars: Iterator[Bar]) -> Iterator[tuple[float, float, str]]:
    """Return what each bar takes of its lane, with its text, which begins at one of its edges."""
    for bar in bars:
        if bar.start > bar.end:
            raise ValueError(f"bar `{bar.text}` ends before it starts")
        left, _, _ = axis.span(bar.start, "", "start")
        right, _, _ = axis.span(bar.end, "", "start")
        length = MARK + CHARACTER * len(bar.text)
        long = right - length if turned(axis, bar.start) else left + length
        yield min(left, long), max(right, long), bar.text


def event_spans(axis: Axis, events: Iterator[Event]) -> Iterator[tuple[float, float, str]]:
    """Return what each event takes of its line."""
    for event in events:
        x, _, _ = axis.span(event.at, "", "start")
        length = MARK + CHARACTER * len(event.text)
        left, right = (x - length, x) if turned(axis, event.at) else (x, x + length)
        yield left, right, event.text


def apart(lane: str, spans: Cells) -> None:
    """Raise if two texts of a lane run into each other, or one out of the drawing."""
    for left, right, text in spans:
        if right > WIDTH or left < 0:
            raise ValueError(f"`{text}` in lane `{lane}` is too long for its place; shorten it")
    for (_, right, text), (left, _, other) in pairwise(spans):
        if right > left + 1:
            raise ValueError(f"`{text}` runs into `{other}` in lane `{lane}`; shorten it")


def read(recording: Path) -> Simulation:
    """Read what a simulator's program printed; ValueError says in one line what is wrong."""
    text = recording.read_text(encoding="utf-8")
    if len(text.encode()) > KILOBYTES * 1024:
        size = f"{len(text.encode()) / 1024:.0f} kB"
        raise ValueError(f"{size}, more than {KILOBYTES}; record fewer frames or options")
    try:
        return Simulation.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"{place or 'simulation'}: {first['msg']}") from None


def parsed(printed: str) -> dict[str, Any] | None:
    """Return the simulation, whole or not, that a program printed; None for what is none."""
    try:
        data = json.loads(printed)
    except ValueError:
        return None
    return data if isinstance(data, dict) and "runs" in data else None


def laid_out(value: Any, depth: int = FRAME, margin: str = "\n") -> str:  # noqa: ANN401 - any JSON
    """Write a simulation with each frame on a line of its own, so that a change can be read."""
    if not (depth and value and isinstance(value, dict | list)):
        return json.dumps(value, ensure_ascii=False)
    inner = f"{margin} "
    if isinstance(value, list):
        items = [laid_out(item, depth - 1, inner) for item in value]
        return f"[{inner}{f',{inner}'.join(items)}{margin}]"
    items = [f'"{key}": {laid_out(item, depth - 1, inner)}' for key, item in value.items()]
    return f"{{{inner}{f',{inner}'.join(items)}{margin}}}"
