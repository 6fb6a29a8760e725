"""Hand an exercise to a reader, in a folder of their own, and grade what they made of it.

What a reader wrote is never overwritten, and never under version control.
"""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import TimeoutExpired

from grading import Exercise
from testbed.exercise import is_exercise
from testbed.sandbox import LIMIT, ROOT, SNIPPETS, find, run

WORK = ROOT / "work"
CHECK = "--check"
USAGE = (
    "Name an exercise: python3 noxfile.py exercise <course>/<chapter>/<idea>_exercise.py [--check]"
)


class ExerciseError(Exception):
    """What was named is no exercise, or there is no work on it yet."""


def named(arguments: list[str]) -> Path:
    """Find the exercise that a command names, with or without its `.py`."""
    names = [name for name in arguments if name != CHECK]
    if len(names) != 1:
        raise ExerciseError(USAGE)
    name = names[0].removeprefix("work/").removesuffix(".py") + ".py"
    try:
        found = find(name)
    except FileNotFoundError as error:
        raise ExerciseError(str(error)) from None
    if not is_exercise(found) or not found.is_relative_to(SNIPPETS):
        raise ExerciseError(f"{name} is no exercise; their names end in _exercise.py")
    return found


def work_on(exercise: Path) -> Path:
    """Name the file that a reader works in."""
    return WORK / exercise.relative_to(SNIPPETS)


def command(exercise: Path) -> str:
    """Write the command that grades the work on an exercise."""
    return f"python3 noxfile.py exercise {exercise.relative_to(SNIPPETS).as_posix()} {CHECK}"


def hand_out(exercise: Path) -> str:
    """Copy what is given, unless there is work already; return what to do next."""
    work, read = work_on(exercise), Exercise.read(exercise)
    path = work.relative_to(ROOT).as_posix()
    if work.exists():
        begun = f"{path} is there already, and stays as it is. Delete it to begin again."
        return f"{begun}\nGrade it: {command(exercise)}"
    work.parent.mkdir(parents=True, exist_ok=True)
    work.write_text(read.given, encoding="utf-8", newline="\n")
    return f"{read.task}\nEdit {path}, then grade it: {command(exercise)}"


def grade(exercise: Path) -> None:
    """Grade the work on an exercise in the sandbox of its tool, and print the answer."""
    work = work_on(exercise)
    if not work.exists():
        begin = command(exercise).removesuffix(f" {CHECK}")
        raise ExerciseError(f"There is no work on it yet. Begin: {begin}")
    try:
        result = run(work, "-m", "grading", str(exercise))
    except TimeoutExpired:
        raise ExerciseError(f"Stopped: {LIMIT} seconds are the limit.") from None
    print(result.stdout, end="")
    if result.returncode and not result.stdout:
        sys.exit(result.stderr)


def main(arguments: list[str]) -> None:
    """Hand an exercise out, or grade the work on it; say in one line what is wrong."""
    try:
        exercise = named(arguments)
        if CHECK in arguments:
            grade(exercise)
        else:
            print(hand_out(exercise))
    except ExerciseError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
