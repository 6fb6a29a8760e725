"""Run a lab as the notebook it is, and print that notebook with what its cells show.

Nothing of the run is kept but its outputs, so that the same lab gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FORMAT = "py:percent"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LIMIT = 120  # seconds before a cell counts as hung


def read(source: Path) -> nbformat.NotebookNode:
    """Read a lab's cells, without outputs."""
    return parse(source.read_text(encoding="utf-8"))


def parse(program: str) -> nbformat.NotebookNode:
    """Return a program's cells, without outputs; the same cell always has the same id."""
    notebook: nbformat.NotebookNode = jupytext.reads(program, fmt=FORMAT)
    for number, cell in enumerate(notebook.cells, 1):
        cell.id, cell.metadata = f"cell-{number}", {}
    notebook.metadata = {"kernelspec": KERNEL}
    return notebook


def executed(source: Path) -> str:
    """Return the notebook as JSON, executed from top to bottom."""
    notebook = read(source)
    NotebookClient(notebook, timeout=LIMIT, record_timing=False, coalesce_streams=True).execute()
    notebook.metadata = {"kernelspec": KERNEL}  # and not which Python it was
    return as_json(notebook)


def as_json(notebook: nbformat.NotebookNode) -> str:
    """Write a notebook as it is kept."""
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook, indent=1, sort_keys=True)
    return text


if __name__ == "__main__":
    try:
        print(executed(Path(sys.argv[1])))
    except CellExecutionError as error:
        sys.exit(str(error))
