"""A table, and the one way to show an exhibit."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, repr=False)
class Table:
    """Rows of text below a head; the first cell of a row names it."""

    head: Sequence[object]
    rows: Sequence[Sequence[object]]

    def __repr__(self) -> str:
        rows = [[str(cell) for cell in row] for row in (self.head, *self.rows)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(map(str.ljust, row, widths)) for row in rows)
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        """Write it as a notebook shows it."""
        head = "".join(f'<th scope="col">{escape(str(cell))}</th>' for cell in self.head)
        body = "\n".join(_row(row) for row in self.rows)
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _row(cells: Sequence[object]) -> str:
    name, *rest = (escape(str(cell)) for cell in cells)
    others = "".join(f"<td>{cell}</td>" for cell in rest)
    return f'<tr><th scope="row">{name}</th>{others}</tr>'


def show(*exhibits: object) -> None:
    """Draw in a notebook, print in a terminal."""
    display = getattr(builtins, "display", print)  # notebooks put it there
    for exhibit in exhibits:
        display(exhibit)
