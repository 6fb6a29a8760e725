"""A simulation as its program records it: frames of cells with a state, and what they mean."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

State = Literal["idle", "waiting", "running", "done", "failed", "skipped", "marked", "changed"]
ROOM = 48  # characters of text in a row of cells
FRAME = 4  # how deep a frame stands: in the list `frames` of an object in the list `runs`


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
        room = ROOM // len(self.cells) - 2 * (len(self.cells) < 6)
        for cell in self.cells:
            if len(cell.text) > room:
                raise ValueError(f"`{cell.text}` is longer than the {room} characters of its cell")
        return self


class Frame(Model):
    """One instant, or one of several outcomes: what is drawn, the figures, and what happened."""

    step: str = Field(max_length=60)
    rows: list[Row] = Field(min_length=1, max_length=8)
    facts: dict[str, str] = Field(max_length=4)
    log: list[str] = Field(min_length=1, max_length=12)

    @property
    def shape(self) -> tuple[object, ...]:
        """What may not change from one frame to the next."""
        return (*((row.label, len(row.cells)) for row in self.rows), *self.facts)


class Choice(Model):
    """Options of which the reader takes one."""

    label: str
    options: list[str] = Field(min_length=2, max_length=4)


class Run(Model):
    """The frames that follow from one option of each choice."""

    choice: list[str]
    frames: list[Frame] = Field(min_length=2, max_length=30)


class Simulation(Model):
    """What a simulator's program prints."""

    title: str
    steps: str
    choices: list[Choice] = Field(max_length=3)
    arrows: list[tuple[tuple[int, int], tuple[int, int]]] = []
    runs: Annotated[list[Run], Field(min_length=1)]

    @model_validator(mode="after")
    def _complete(self) -> Simulation:
        wanted = [list(one) for one in product(*(choice.options for choice in self.choices))]
        if sorted(run.choice for run in self.runs) != sorted(wanted):
            raise ValueError(f"`runs` needs one for each of {wanted}")
        if len({frame.shape for run in self.runs for frame in run.frames}) > 1:
            raise ValueError("every frame needs the same rows, cells in a row, and facts")
        rows = [len(row.cells) for row in self.runs[0].frames[0].rows]
        for row, cell in (end for arrow in self.arrows for end in arrow):
            if not (row < len(rows) and cell < rows[row]):
                raise ValueError(f"an arrow at [{row}, {cell}], where no cell is")
        return self


def read(recording: Path) -> Simulation:
    """Read what a simulator's program printed; ValueError says in one line what is wrong."""
    try:
        return Simulation.model_validate_json(recording.read_text(encoding="utf-8"))
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
