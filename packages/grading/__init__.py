"""Grades an exercise: a reader's program, by the grader in the exercise's own file.

The same code grades in the browser, on the reader's machine and in the tests, so that all three
give the same answers. It needs nothing but the standard library.
"""

from __future__ import annotations

import ast
import linecache
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

SECTIONS = ("given", "hints", "solution", "grader")  # of an exercise's file, in this order
MARKER = re.compile(r" *# --8<-- \[(start|end):([\w-]+)\]")
WORK, GRADER = "work", "grader"  # as modules


@dataclass(frozen=True)
class Verdict:
    """What the grader says of a program; where it broke off, if it did."""

    passed: bool
    says: str
    trace: str = ""

    def __str__(self) -> str:
        """Write it as a terminal shows it."""
        return f"{self.trace}{'passed' if self.passed else 'not yet'}: {self.says}"


@dataclass(frozen=True)
class Exercise:
    """An exercise as its file says it."""

    file: str
    text: str

    @classmethod
    def read(cls, file: Path | str) -> Exercise:
        """Read an exercise from its file."""
        return cls(str(file), Path(file).read_text(encoding="utf-8"))

    def section(self, name: str) -> str:
        """Return the text of a section; none if the file has no such section."""
        return "\n".join(line for _, line in self._lines(name)).strip("\n") + "\n"

    def _lines(self, name: str) -> Iterator[tuple[int, str]]:
        """Walk over the lines of a section: number, text."""
        inside = False
        for number, line in enumerate(self.text.splitlines(), 1):
            if match := MARKER.fullmatch(line):
                inside = match.groups() == ("start", name)
            elif inside:
                yield number, line

    @property
    def task(self) -> str:
        """What it asks of the reader: the sentence that the file opens with."""
        return ast.get_docstring(ast.parse(self.text)) or ""

    @property
    def given(self) -> str:
        """The program that the reader begins with."""
        return self.section("given")

    @property
    def solution(self) -> str:
        """What is given, and below it the solution, which redefines names of it."""
        return f"{self.given}\n\n{self.section('solution')}"

    @property
    def hints(self) -> list[str]:
        """The hints: first where to look, then what to write."""
        module = ast.parse(self.section("hints"))
        lists = (node.value for node in module.body if isinstance(node, ast.Assign))
        return [str(hint) for one in lists for hint in ast.literal_eval(one)]

    def grade(self, work: str, file: str | None = None) -> Verdict:
        """Run a program, then the grader on the names that it defines.

        file: where the program lies, for tools that read it once more and for tracebacks.
        """
        with modules(WORK, GRADER) as (mine, graders):
            try:
                execute(work, file or self.file, mine)
                if missing := sorted(self.needed - set(vars(mine))):
                    return Verdict(False, f"Your program lacks `{missing[0]}`, which is graded.")
                vars(graders).update({**vars(mine), "__name__": GRADER})
                execute(self.in_place("grader"), f"{self.file} (grader)", graders)
                return Verdict(True, str(graders.grade()))
            except (Exception, SystemExit) as error:
                return verdict_on(error, vars(mine), vars(graders))

    @property
    def needed(self) -> set[str]:
        """The names of what is given that the solution defines again, and so has to have."""
        return names_in(self.given) & names_in(self.section("solution"))

    def in_place(self, *sections: str) -> str:
        """Return sections alone, on the lines where they stand in the file."""
        found = {number: line for name in sections for number, line in self._lines(name)}
        lines = (found.get(number, "") for number in range(1, max(found, default=0) + 1))
        return "\n".join(lines) + "\n"


def names_in(code: str) -> set[str]:
    """Return the names that the statements of a program define."""
    found = set[str]()
    for one in ast.parse(code).body:
        match one:
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                found.add(name)
            case ast.Assign(targets):
                found.update(target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(ast.Name(name)):
                found.add(name)
    return found


@contextmanager
def modules(*names: str) -> Iterator[list[ModuleType]]:
    """Make empty modules, where dataclasses and the like look for them until the end."""
    made = {name: ModuleType(name) for name in names}
    sys.modules.update(made)
    try:
        yield list(made.values())
    finally:
        for name in names:
            sys.modules.pop(name, None)


def execute(code: str, file: str, module: ModuleType) -> None:
    """Run code in a module; its tracebacks show its lines."""
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    vars(module)["__file__"] = file
    exec(compile(code, file, "exec", dont_inherit=True), vars(module))


def verdict_on(error: BaseException, work: dict[str, Any], grader: dict[str, Any]) -> Verdict:
    """Say what an error means: an answer of the grader, or a program that broke off."""
    frames = list(traceback.walk_tb(error.__traceback__))
    in_grader = frames[-1][0].f_globals is grader
    if in_grader and isinstance(error, AssertionError):
        return Verdict(False, str(error))
    if isinstance(error, SyntaxError) and frames[-1][0].f_globals is globals():
        return Verdict(False, f"Python cannot read line {error.lineno}: {error.msg}.")
    lines = [number for frame, number in frames if frame.f_globals is work]
    place = f" in line {lines[-1]}" if lines else " when the grader called it"
    said = "".join(traceback.format_exception_only(error)).strip()
    return Verdict(False, f"Your program broke off{place}: {said}", trace_of(error, work))


def trace_of(error: BaseException, work: dict[str, Any]) -> str:
    """Write the traceback from where it enters the reader's program; none if it never does."""
    own: TracebackType | None = error.__traceback__
    while own and own.tb_frame.f_globals is not work:
        own = own.tb_next
    return "".join(traceback.format_exception(type(error), error, own)) if own else ""


def show(file: str) -> None:
    """Print what the grader says of what is given and of the solution: an exercise's recording."""
    from testbed.exercise import graded  # the browser, which grades too, has no testbed

    exercise = Exercise.read(file)
    print(f"given:    {graded(exercise, exercise.in_place('given'))}")
    print(f"solution: {graded(exercise, exercise.in_place('given', 'solution'))}")
