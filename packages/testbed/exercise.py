"""Knows an exercise by its name, and grades it where its tool finds the program."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from grading import Exercise, Verdict
from testbed.sandbox import activated, tool_of
from testbed.tools import NONE, TOOLS

NAME = re.compile(rf"\w+_exercise(?:_(?:{'|'.join(TOOLS)}))?\.py")


def is_exercise(path: Path) -> bool:
    """Tell an exercise by its name: `late_rows_exercise.py`, `late_rows_exercise_argo.py`."""
    return NAME.fullmatch(path.name) is not None


def graded(exercise: Exercise, work: str) -> Verdict:
    """Grade a program in this process, in a sandbox of its own if it needs a tool.

    Airflow parses the file that a Dag came from again, so the program has one.
    """
    if tool_of(Path(exercise.file)) == NONE:
        return exercise.grade(work)
    with TemporaryDirectory() as folder:
        home, file = Path(folder), Path(folder, "work", Path(exercise.file).name)
        file.parent.mkdir()
        file.write_text(work, encoding="utf-8")
        with activated(file, home):
            return exercise.grade(work, str(file))
