"""A simulator: a program's recorded frames, drawn so that a reader can step through them.

The program prints a simulation as JSON (the model below); its first frame is drawn into the page,
the others are fetched when somebody touches it. The script changes words and states; the drawing
itself is made here, once, and has the same rows and cells in every frame.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from tooling.course.simulation import Cell, Choice, Frame, Row, Simulation, State

WIDTH, CELL, GAP, LABEL = 300, 30, 5, 18  # in the drawing's units, about a phone's pixels
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


def markup(simulation: Simulation, name: str, frames: str) -> str:
    """Write a simulator as it stands in the page: its first frame, and how to get the others.

    name: unique on the page; frames: the address of the simulation, relative to the page.
    """
    frame = simulation.runs[0].frames[0]
    title = html.escape(simulation.title)
    parts = [
        f'<div class="simulator" role="group" aria-label="{title}" data-frames="{frames}">',
        f'<p class="simulator__title">{title}</p>',
        '<form class="simulator__controls">',
        *(choice_markup(choice, f"{name}-{n}") for n, choice in enumerate(simulation.choices)),
        steps_markup(simulation),
        "</form>",
        *drawing(simulation, frame, name),
        '<div class="simulator__told" aria-live="polite">',
        facts_markup(frame),
        f"<ol>{''.join(f'<li>{html.escape(line)}</li>' for line in frame.log)}</ol>",
        "</div>",
        "</div>",
    ]
    return "\n".join(filter(None, parts))  # no empty line: Markdown would end the block there


def choice_markup(choice: Choice, name: str) -> str:
    """Write a choice as a group of radio buttons, the first of which is taken."""
    options = (
        f'<label><input type="radio" name="{name}" value="{html.escape(option)}"'
        f"{' checked' if n == 0 else ''}> {html.escape(option)}</label>"
        for n, option in enumerate(choice.options)
    )
    return f"<fieldset><legend>{html.escape(choice.label)}</legend>{''.join(options)}</fieldset>"


def steps_markup(simulation: Simulation) -> str:
    """Write the slider through the frames, between two buttons."""
    frames = simulation.runs[0].frames
    step = html.escape(frames[0].step)
    return (
        '<div class="simulator__steps">'
        f"<label>{html.escape(simulation.steps)}"
        f'<input type="range" min="0" max="{len(frames) - 1}" value="0" aria-valuetext="{step}">'
        "</label>"
        '<button type="button" data-step="-1" aria-disabled="true">Back</button>'
        f"<output>{step}</output>"
        '<button type="button" data-step="1">Next</button></div>'
    )


def facts_markup(frame: Frame) -> str:
    """Write the figures of a frame."""
    facts = (
        f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd></div>"
        for name, value in frame.facts.items()
    )
    return f"<dl>{''.join(facts)}</dl>" if frame.facts else ""


def drawing(simulation: Simulation, frame: Frame, name: str) -> Iterator[str]:
    """Draw a frame as SVG: rows of cells, each with a mark for its state; arrows between them."""
    height = sum(row_height(row) for row in frame.rows)
    label = html.escape(f"{simulation.title}: the same as the list below, drawn")
    yield f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}">'
    for state, path in MARKS.items():
        mark = f'<path class="simulator__mark" d="{path}"/>'
        yield f'<symbol id="{name}-{state}" viewBox="0 0 10 10">{mark}</symbol>'
    boxes = list(cell_boxes(frame))
    for start, end in simulation.arrows:
        yield arrow(boxes[start[0]][start[1]], boxes[end[0]][end[1]])
    for row, row_boxes in zip(frame.rows, boxes, strict=True):
        if row.label:
            y = row_boxes[0][1] - 6
            yield f'<text class="simulator__label" x="0" y="{y}">{html.escape(row.label)}</text>'
        for cell, box in zip(row.cells, row_boxes, strict=True):
            yield cell_markup(cell, box, name)
    yield "</svg>"


def row_height(row: Row) -> int:
    """The height of a row with its label and the gap below it."""
    return (LABEL if row.label else GAP) + CELL + GAP


def cell_boxes(frame: Frame) -> Iterator[list[tuple[float, float, float]]]:
    """Place each row's cells: x, y and width of each."""
    y = 0
    for row in frame.rows:
        width = (WIDTH - GAP * (len(row.cells) - 1)) / len(row.cells)
        top = y + row_height(row) - CELL - GAP
        yield [(round(n * (width + GAP), 1), top, round(width, 1)) for n in range(len(row.cells))]
        y += row_height(row)


def cell_markup(cell: Cell, box: tuple[float, float, float], name: str) -> str:
    """Draw one cell; the script finds the cells by their order."""
    x, y, width = box
    return (
        f'<g class="simulator__cell" data-state="{cell.state}">'
        f'<rect x="{x + 1}" y="{y + 1}" width="{width - 2}" height="{CELL - 2}" rx="3"/>'
        f'<use href="#{name}-{cell.state}" x="{x + 5}" y="{y + 5}" width="8" height="8"/>'
        f'<text x="{x + width / 2:g}" y="{y + CELL / 2 + 5:g}">{html.escape(cell.text)}</text></g>'
    )


def arrow(start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    """Draw a line from the foot of one cell to the head of another, or along a row."""
    (x1, y1, w1), (x2, y2, w2) = start, end
    if y1 == y2:
        ends = (x1 + w1, y1 + CELL / 2, x2, y2 + CELL / 2)
    else:
        ends = (x1 + w1 / 2, y1 + CELL, x2 + w2 / 2, y2)
    return '<path class="simulator__arrow" d="M{:g} {:g}L{:g} {:g}"/>'.format(*ends)
