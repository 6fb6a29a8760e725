"""A reader gets an exercise to work on, and the grader's answer; their work stays theirs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grading import Exercise
from testbed.sandbox import PACKAGES, ROOT

FIXTURE = ROOT / "tests" / "fixtures" / "course"
NAME = "pipelines/empty-input/refuse_exercise"
GRADE = f"python3 noxfile.py exercise {NAME}.py --check"
GIVEN = "not yet: No order came, and your load returned"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return shutil.copytree(FIXTURE, tmp_path / "course")


def exercise(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Do what the session does, in a course of its own."""
    env = os.environ | {"COURSE_ROOT": str(root), "PYTHONPATH": f"{ROOT}:{PACKAGES}"}
    command = [sys.executable, "-m", "tooling.authoring.exercise", *arguments]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)


def test_what_is_given_is_copied_and_the_next_step_named(root: Path) -> None:
    said = exercise(root, NAME).stdout.splitlines()
    assert said == [
        "Have this load raise where nothing came, and nowhere else.",
        f"Edit work/{NAME}.py, then grade it: {GRADE}",
    ]
    given = Exercise.read(root / f"snippets/{NAME}.py").given
    assert (root / f"work/{NAME}.py").read_text() == given
    assert exercise(root, NAME, "--check").stdout.startswith(GIVEN)


@pytest.mark.parametrize("more", [[], ["--check"]])
def test_what_a_reader_wrote_is_never_overwritten(root: Path, more: list[str]) -> None:
    exercise(root, f"{NAME}.py")
    work = root / f"work/{NAME}.py"
    work.write_text("mine = 1\n")
    said = exercise(root, f"work/{NAME}.py", *more).stdout
    assert work.read_text() == "mine = 1\n"
    wanted = "lacks `load`" if more else f"work/{NAME}.py is there already, and stays as it is."
    assert wanted in said


def test_a_solution_passes(root: Path) -> None:
    exercise(root, NAME)
    solution = Exercise.read(root / f"snippets/{NAME}.py").solution
    (root / f"work/{NAME}.py").write_text(solution)
    run = exercise(root, NAME, "--check")
    assert run.stdout == "passed: An empty night is red, an ordinary one is green.\n"


def test_a_program_that_breaks_off_is_shown_where(root: Path) -> None:
    exercise(root, NAME)
    (root / f"work/{NAME}.py").write_text("print('here')\nload = undefined\n")
    said = exercise(root, NAME, "--check").stdout
    assert said.startswith("here\nTraceback (most recent call last):\n")
    assert f'work/{NAME}.py", line 2, in <module>\n    load = undefined\n' in said
    assert said.endswith("broke off in line 2: NameError: name 'undefined' is not defined\n")


WRONG = {
    "nothing named": ([], "Name an exercise: python3 noxfile.py exercise"),
    "no such file": (["no/such"], "no/such.py: no such file here or in snippets/"),
    "no exercise": (["pipelines/empty-input/empty_input"], "is no exercise; their names end in"),
    "no work yet": ([NAME, "--check"], "There is no work on it yet. Begin: python3 noxfile.py"),
}


@pytest.mark.parametrize(("arguments", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_in_one_line(root: Path, arguments: list[str], says: str) -> None:
    run = exercise(root, *arguments)
    assert run.returncode == 1
    [line] = run.stderr.splitlines()
    assert says in line
