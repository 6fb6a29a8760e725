"""Draw a frame of a simulation as SVG: a board of cells, a graph, and a plot over an axis.

Board and graph have a width of 300 and grow with the page; the plot is as wide as its place, so
that its positions are percentages and its text is as large as the page's. The script of a
simulator changes attributes of what is drawn here, by the same sums, and adds no element: a run
with fewer bars than another has some that are hidden.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import TypeVar

from tooling.course.simulation import (
    STATES,
    WIDTH,
    Arrow,
    Axis,
    Bar,
    Cell,
    Curve,
    Event,
    Frame,
    Graph,
    Point,
    Row,
    Run,
    Simulation,
    State,
    turned,
)

CELL, GAP, LABEL = 30, 5, 18
NODE, LAYER, PASSAGE = 155, 24, 14  # a node's width at most; between layers; an edge past one
BAR, EVENT, NOW, PLOT, TICKS = 24, 20, 14, 130, 18
OPEN = ("idle", "waiting", "running")  # what a bar may be before it ends
# A mark for each state, so that no state is told by its colour alone: 10 units square.
MARKS: dict[State, str] = {
    "idle": "",
    "waiting": "M2 5h.1M5 5h.1M8 5h.1",
    "running": "M3 1.5 8.5 5 3 8.5Z",
    "done": "M1.5 5.5 4 8 8.5 2",
    "failed": "M2 2 8 8M8 2 2 8",
    "skipped": "M1.5 5h7",
    "marked": "M5 1.5v4.5M5 8.5h.1",
    "changed": "M5 1.5v7M1.5 5h7",
}
T = TypeVar("T")
Box = tuple[float, float, float]  # x, y, width


def drawing(simulation: Simulation, name: str) -> Iterator[str]:
    """Draw the first frame, and the key to what is in it; `name` is unique on the page."""
    run = simulation.runs[0]
    frame = run.frames[0]
    wide = " drawing--wide" if simulation.axis else ""
    label = html.escape(f"{simulation.title}: the same as the list below, drawn")
    yield f'<div class="drawing{wide}" role="img" aria-label="{label}">'
    yield symbols(simulation, name)
    if frame.rows:
        yield from board(simulation, frame, name)
    if simulation.graph:
        yield from graph(simulation.graph, frame, name)
    if simulation.axis:
        yield from plot(simulation, simulation.axis, name)
    yield "</div>"
    yield key(simulation, name)


def symbols(simulation: Simulation, name: str) -> str:
    """Define the marks of the states that occur, and the head of an arrow."""
    marks = "".join(
        f'<symbol id="{name}-{state}" viewBox="0 0 10 10">'
        f'<path class="drawing__mark" d="{MARKS[state]}"/></symbol>'
        for state in states(simulation)
    )
    head = (
        f'<marker id="{name}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        '<path class="drawing__head" d="M0 .5 8 4 0 7.5Z"/></marker>'
    )
    return f'<svg class="drawing__marks" width="0" height="0">{marks}{head}</svg>'


def states(simulation: Simulation, keyed: bool = False) -> list[State]:
    """List the states that occur, in some run; `keyed` leaves out cells, whose text tells it."""
    found: set[State] = set()
    for run in simulation.runs:
        found |= {bar.state for bar in run.bars} | {event.state for event in run.events}
        if any(frame.at is not None for frame in run.frames):
            found.add("idle")  # what the cursor has not reached
            if run.bars:
                found.add("running")  # what it cuts
        for frame in run.frames:
            found |= set(frame.nodes.values())
            if not keyed:
                found |= {cell.state for row in frame.rows for cell in row.cells}
    return [state for state in STATES if state in found]


def key(simulation: Simulation, name: str) -> str:
    """Say in words what each mark and each line is."""
    items = [
        f'<li data-state="{state}"><svg viewBox="0 0 10 10" aria-hidden="true">'
        f'<use href="#{name}-{state}"/></svg>{state}</li>'
        for state in states(simulation, keyed=True)
        if state != "idle"
    ]
    items += [
        f'<li><svg viewBox="0 0 24 10" class="drawing__sample" aria-hidden="true">'
        f'<path class="drawing__line" data-line="{n}" d="M0 5h24"/></svg>{html.escape(line)}</li>'
        for n, line in enumerate(simulation.curve.lines if simulation.curve else [])
    ]
    return f'<ul class="drawing__key" aria-label="Key">{"".join(items)}</ul>' if items else ""


# -- the board


def board(simulation: Simulation, frame: Frame, name: str) -> Iterator[str]:
    """Draw rows of cells, each with a mark for its state, and the arrows between them."""
    height = sum(row_height(row) for row in frame.rows)
    yield f'<svg class="drawing__board" viewBox="0 0 {WIDTH} {height}">'
    boxes = list(cell_boxes(frame))
    for start, end in simulation.arrows:
        yield arrow(boxes[start[0]][start[1]], boxes[end[0]][end[1]])
    for row, row_boxes in zip(frame.rows, boxes, strict=True):
        yield label(row.label, row_boxes[0][1] - 6)
        for cell, box in zip(row.cells, row_boxes, strict=True):
            yield cell_markup(cell, box, name)
    yield "</svg>"


def label(text: str, y: float) -> str:
    """Write what a row, a lane or a curve is, above it."""
    return (
        f'<text class="drawing__label" x="0" y="{y:g}">{html.escape(text)}</text>' if text else ""
    )


def row_height(row: Row) -> int:
    """The height of a row with its label and the gap below it."""
    return (LABEL if row.label else GAP) + CELL + GAP


def cell_boxes(frame: Frame) -> Iterator[list[Box]]:
    """Place each row's cells."""
    y = 0
    for row in frame.rows:
        width = (WIDTH - GAP * (len(row.cells) - 1)) / len(row.cells)
        top = y + row_height(row) - CELL - GAP
        yield [(round(n * (width + GAP), 1), top, round(width, 1)) for n in range(len(row.cells))]
        y += row_height(row)


def cell_markup(cell: Cell, box: Box, name: str) -> str:
    """Draw one cell; the script finds the cells by their order."""
    x, y, width = box
    return (
        f'<g class="drawing__cell" data-state="{cell.state}">'
        f'<rect x="{x + 1:g}" y="{y + 1:g}" width="{width - 2:g}" height="{CELL - 2}" rx="3"/>'
        f'<use href="#{name}-{cell.state}" x="{x + 5:g}" y="{y + 5:g}" width="8" height="8"/>'
        f'<text x="{x + width / 2:g}" y="{y + CELL / 2 + 5:g}">{html.escape(cell.text)}</text></g>'
    )


def arrow(start: Box, end: Box) -> str:
    """Draw a line from the foot of one cell to the head of another, or along a row."""
    (x1, y1, w1), (x2, y2, w2) = start, end
    if y1 == y2:
        ends = (x1 + w1, y1 + CELL / 2, x2, y2 + CELL / 2)
    else:
        ends = (x1 + w1 / 2, y1 + CELL, x2 + w2 / 2, y2)
    return '<path class="drawing__arrow" d="M{:g} {:g}L{:g} {:g}"/>'.format(*ends)


# -- the graph


def graph(graph: Graph, frame: Frame, name: str) -> Iterator[str]:
    """Draw nodes in their layers, in the order of the recording, and the edges between them."""
    boxes, passages = placed(graph)
    top = LABEL if graph.label else 0
    bottom = max(y for _, y, _ in boxes.values()) + CELL + 1
    yield f'<svg class="drawing__graph" viewBox="0 0 {WIDTH} {bottom:g}">'
    yield label(graph.label, top - 6)
    for edge in graph.edges:
        way = passages.get(edge, [])
        absent = " data-absent" if edge in frame.absent else ""
        path = edge_path(boxes[edge[0]], way, boxes[edge[1]])
        yield (f'<path class="drawing__edge"{absent} marker-end="url(#{name}-head)" d="{path}"/>')
    for node in graph.nodes:
        yield cell_markup(Cell(text=node, state=frame.nodes[node]), boxes[node], name)
    yield "</svg>"


def placed(graph: Graph) -> tuple[dict[str, Box], dict[tuple[str, str], list[Box]]]:
    """Place the nodes, and what an edge that is longer than a layer passes on its way."""
    layers = graph.layers
    depth = {node: n for n, layer in enumerate(layers) for node in layer}
    boxes: dict[str, Box] = {}
    passages: dict[tuple[str, str], list[Box]] = {}
    y: float = LABEL if graph.label else 0
    for n, layer in enumerate(layers):
        passing = [edge for edge in graph.edges if depth[edge[0]] < n < depth[edge[1]]]
        room = WIDTH - PASSAGE * len(passing) + GAP
        width = min(room / len(layer), NODE) - GAP
        margin = (room - len(layer) * (width + GAP)) / 2
        for number, node in enumerate(layer):
            boxes[node] = (round(margin + number * (width + GAP), 1), y, round(width, 1))
        for number, edge in enumerate(passing):
            x = WIDTH - PASSAGE * (len(passing) - number)
            passages.setdefault(edge, []).append((x, y, PASSAGE))
        y += CELL + LAYER
    return boxes, passages


def edge_path(start: Box, way: list[Box], end: Box) -> str:
    """Lead from the foot of one box to the head of another, past those of the layers between."""
    points = [(start[0] + start[2] / 2, start[1] + CELL)]
    for x, y, width in way:
        points += [(x + width / 2, y), (x + width / 2, y + CELL)]
    points.append((end[0] + end[2] / 2, end[1]))
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


# -- the plot


def plot(simulation: Simulation, axis: Axis, name: str) -> Iterator[str]:
    """Draw what is over the axis: a curve, lanes, ticks, and the cursor."""
    run = simulation.runs[0]
    frame = run.frames[0]
    top = float(NOW if has_cursor(simulation) else 0)
    tops = lane_tops(simulation, top + (LABEL + PLOT + GAP if simulation.curve else 0))
    bottom = tops.pop("")
    tall = bottom + height_of(axis)
    yield f'<svg class="drawing__plot" width="100%" height="{tall:g}">'
    for at, text in axis.ticks:
        yield tick(axis, at, text, top, bottom)
    if has_cursor(simulation):
        yield cursor(axis, frame.at, bottom)
    if simulation.curve:
        yield label(simulation.curve.label, top + 12)
        yield curve(simulation.curve, run, frame, (axis, top + LABEL), name)
    for lane, y in tops.items():
        yield from lane_markup(simulation, axis, lane, y, name)
    for n in range(max(len(one.arrows) for one in simulation.runs)):
        yield message(axis, item(run.arrows, n), frame.at, {"": top} | tops, name)
    yield label(axis.label, bottom + TICKS + 14)
    yield "</svg>"


def cursor(axis: Axis, at: float | None, bottom: float) -> str:
    """Draw where the frame is on the axis; on one of time, that is now."""
    place = axis.start if at is None else at
    x = percent(axis.place(place))
    return (
        f'<g class="drawing__now"{hidden(at is not None)}>'
        f'<line x1="{x}" x2="{x}" y1="0" y2="{bottom:g}"/>'
        f"{text_beside('now' if axis.time else '', axis.place(place), 10, 5, turned(axis, place))}"
        "</g>"
    )


def height_of(axis: Axis) -> int:
    """The height of the ticks and of the axis's label."""
    return TICKS + (LABEL if axis.label else 0) + 2


def has_cursor(simulation: Simulation) -> bool:
    """Whether some frame has a place on the axis."""
    return any(frame.at is not None for run in simulation.runs for frame in run.frames)


def lane_tops(simulation: Simulation, y: float) -> dict[str, float]:
    """Return where each lane begins, and under no name where the last one ends."""
    tops = {}
    for lane in simulation.lanes:
        tops[lane] = y
        events = any(event.lane == lane for run in simulation.runs for event in run.events)
        y += LABEL + BAR + (EVENT if events else 0) + GAP
    return tops | {"": y}


def tick(axis: Axis, at: float, text: str, top: float, bottom: float) -> str:
    """Draw a thin line down the plot, and below it what it stands for."""
    x = percent(axis.place(at))
    place = axis.place(at)
    anchor = "start" if place < 8 else "end" if place > 92 else "middle"
    return (
        f'<line class="drawing__grid" x1="{x}" x2="{x}" y1="{top:g}" y2="{bottom:g}"/>'
        f'<text class="drawing__tick" x="{x}" y="{bottom + 14:g}" text-anchor="{anchor}">'
        f"{html.escape(text)}</text>"
    )


def lane_markup(
    simulation: Simulation, axis: Axis, lane: str, y: float, name: str
) -> Iterator[str]:
    """Draw a lane with as many bars and events as any run has in it, for the script."""
    run = simulation.runs[0]
    at = run.frames[0].at
    yield f'<g class="drawing__lane" data-y="{y:g}" transform="translate(0 {y:g})">'
    yield label(lane, 12)
    yield f'<rect class="drawing__track" y="{LABEL}" width="100%" height="{BAR}"/>'
    here = [bar for bar in run.bars if bar.lane == lane]
    for n in range(max(sum(b.lane == lane for b in one.bars) for one in simulation.runs)):
        yield bar_markup(axis, item(here, n), at, name)
    happened = [event for event in run.events if event.lane == lane]
    for n in range(max(sum(e.lane == lane for e in one.events) for one in simulation.runs)):
        yield event_markup(axis, item(happened, n), at, name)
    yield "</g>"


def item(items: list[T], n: int) -> T | None:
    """Return one of the items, or nothing where a run has fewer than another."""
    return items[n] if n < len(items) else None


def bar_markup(axis: Axis, bar: Bar | None, at: float | None, name: str) -> str:
    """Draw a bar as far as the cursor; its outcome is not told before its end."""
    shown = bar is not None and (at is None or bar.start <= at)
    bar = bar or Bar(lane="", start=axis.start, end=axis.start, state="idle")
    now = bar.end if at is None else at
    state = "running" if now < bar.end and bar.state not in OPEN else bar.state
    x, end = axis.place(bar.start), axis.place(max(min(bar.end, now), bar.start))
    left = turned(axis, bar.start)
    edge = axis.place(bar.end) if left else x
    return (
        f'<g class="drawing__bar" data-state="{state}"{hidden(shown)}>'
        f'<rect x="{percent(x)}" width="{percent(end - x)}" y="{LABEL + 1}" height="{BAR - 2}"/>'
        f'<use href="#{name}-{state}" x="{percent(edge)}" y="{LABEL + 8}" width="8" height="8" '
        f'transform="translate({-12 if left else 4} 0)"/>'
        f"{text_beside(bar.text, edge, LABEL + 16, 16, left)}</g>"
    )


def event_markup(axis: Axis, event: Event | None, at: float | None, name: str) -> str:
    """Draw an event below its lane's bars, on a stem that leads up to its time."""
    shown = event is not None and (at is None or event.at <= at)
    event = event or Event(lane="", at=axis.start, state="idle")
    x, y, left = axis.place(event.at), LABEL + BAR, turned(axis, event.at)
    return (
        f'<g class="drawing__event" data-state="{event.state}"{hidden(shown)}>'
        f'<line x1="{percent(x)}" x2="{percent(x)}" y1="{LABEL}" y2="{y + 4}"/>'
        f'<use href="#{name}-{event.state}" x="{percent(x)}" y="{y + 6}" width="8" height="8" '
        f'transform="translate({-12 if left else 4} 0)"/>'
        f"{text_beside(event.text, x, y + 14, 16, left)}</g>"
    )


def text_beside(text: str, place: float, y: float, gap: int, left: bool) -> str:
    """Write a text to the right of a place, or to its left."""
    dx, anchor = (-gap, "end") if left else (gap, "start")
    return (
        f'<text x="{percent(place)}" y="{y:g}" dx="{dx}" text-anchor="{anchor}">'
        f"{html.escape(text)}</text>"
    )


def message(
    axis: Axis, arrow: Arrow | None, at: float | None, tops: dict[str, float], name: str
) -> str:
    """Draw an arrow from one lane's bars to another's, once it has arrived."""
    shown = arrow is not None and (at is None or arrow.end[1] <= at)
    (lane, start), (other, end) = (arrow.start, arrow.end) if arrow else (("", 0.0), ("", 0.0))
    down = tops[lane] < tops[other]
    y1, y2 = tops[lane] + LABEL + BAR * down, tops[other] + LABEL + BAR * (not down)
    x1, x2 = (percent(axis.place(one)) if arrow else "0%" for one in (start, end))
    return (
        f'<line class="drawing__message" marker-end="url(#{name}-head)" x1="{x1}" x2="{x2}" '
        f'y1="{y1:g}" y2="{y2:g}"{hidden(shown)}/>'
    )


def curve(curve: Curve, run: Run, frame: Frame, place: tuple[Axis, float], name: str) -> str:
    """Draw the lines as far as the cursor, in the units of the data, and the thresholds."""
    axis, y = place
    box = f"{axis.start:g} {-curve.end:g} {axis.end - axis.start:g} {curve.end - curve.start:g}"
    known = frame.at if axis.time and frame.at is not None else axis.end
    lines = "".join(
        f'<polyline class="drawing__line" data-line="{n}" points="{points(run.lines[line])}"/>'
        for n, line in enumerate(curve.lines)
    )
    grid = "".join(level(curve, at, text, "drawing__grid", "0%") for at, text in curve.ticks)
    limits = "".join(
        level(curve, run.thresholds[text], text, "drawing__threshold", "100%")
        for text in curve.thresholds
    )
    x, up = frame.mark or (axis.start, curve.start)
    return (
        f'<svg class="drawing__curve" y="{y:g}" width="100%" height="{PLOT}">{grid}'
        f'<svg viewBox="{box}" width="100%" height="100%" preserveAspectRatio="none">'
        f'<clipPath id="{name}-known"><rect x="{axis.start:g}" y="{curve.start:g}" '
        f'width="{known - axis.start:g}" height="{curve.end - curve.start:g}"/></clipPath>'
        f'<g transform="scale(1 -1)" clip-path="url(#{name}-known)">{lines}</g></svg>{limits}'
        f'<circle class="drawing__point" cx="{percent(axis.place(x))}" '
        f'cy="{percent(height(curve, up))}" r="5"{hidden(frame.mark is not None)}/></svg>'
    )


def points(line: list[Point]) -> str:
    """Write a line as the recording has it."""
    return " ".join(f"{x:.10g},{y:.10g}" for x, y in line)


def height(curve: Curve, value: float) -> float:
    """Return how far below the top a value lies, in hundredths."""
    return round(100 * (curve.end - value) / (curve.end - curve.start), 2)


def level(curve: Curve, value: float, text: str, kind: str, x: str) -> str:
    """Draw a line across the plot, with its text above one of its ends."""
    y = percent(height(curve, value))
    anchor = "start" if x == "0%" else "end"
    return (
        f'<g class="{kind}"><line x2="100%" y1="{y}" y2="{y}"/>'
        f'<text x="{x}" y="{y}" dy="-4" text-anchor="{anchor}">{html.escape(text)}</text></g>'
    )


def hidden(shown: bool) -> str:
    """Write the attribute of what is not there, or not yet."""
    return "" if shown else ' display="none"'


def percent(number: float) -> str:
    """Write a share of the width, with two decimals at most."""
    return f"{round(number, 2):g}%"
