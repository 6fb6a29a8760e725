"""A lab as it is written: plain Python whose comments open its cells (jupytext's percent format).

`# %% [markdown]` opens a cell of text, each line a comment; `# %%` opens one of code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MARK = re.compile(r"# %%(?: \[(markdown)\])?")
FENCE = "```"


@dataclass(frozen=True)
class Cell:
    """One cell: `markdown` or `code`, and its lines up to the next mark."""

    kind: str
    lines: list[str] = field(default_factory=list)

    @property
    def source(self) -> str:
        """What a notebook keeps of it."""
        return "\n".join(self.lines).strip()


def cells(program: str) -> list[Cell]:
    """Split a lab into its cells."""
    found: list[Cell] = []
    for line in program.splitlines():
        if mark := MARK.fullmatch(line):
            found.append(Cell(mark[1] or "code"))
        elif found:
            text = found[-1].kind == "markdown"
            found[-1].lines.append(line.removeprefix("#").removeprefix(" ") if text else line)
    return found


def as_markdown(program: str) -> str:
    """Write a lab as a page, line for line: the line of a problem is the line in the lab."""
    lines: list[str] = []
    for cell in cells(program):
        if cell.kind == "markdown":
            lines += ["", *cell.lines]
        else:
            free = cell.lines[-1:] == [""]  # the line above the next mark has room for the fence
            lines += [f"{FENCE}python", *(cell.lines[:-1] if free else cell.lines), FENCE]
    return "\n".join(lines)
