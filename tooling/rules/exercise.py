"""An exercise is given, hinted at, solved, graded, tested with wrong answers, and on its page."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from grading import MARKER, SECTIONS, Exercise, names_in
from testbed.exercise import is_exercise
from tooling.course.course import Course
from tooling.course.lines import lines_of, prose_of
from tooling.course.pages import Page
from tooling.rules import Problem, rule
from tooling.rules.code import programs
from tooling.rules.files import below_root
from tooling.rules.structure import where

HINTS, WRONG_ANSWERS = 2, 3
FENCE = "exercise"


def exercises(course: Course) -> Iterator[Path]:
    """Walk over the exercises of all chapters."""
    yield from (program for program in programs(course) if is_exercise(program))


def parsed(text: str) -> list[ast.stmt]:
    """Return the statements of a program; one that Python cannot read has none."""
    try:
        return ast.parse(text).body
    except SyntaxError:
        return []  # it does not run at all, and its recording's test says so


@rule
def exercises_have_their_sections(course: Course) -> Iterator[Problem]:
    """An exercise has four sections, in this order, and in them all that a reader gets.

    ```text
    # ;--8<-- [start:given]     the program to be changed, with its imports
    # ;--8<-- [start:hints]     HINTS = ["Where to look.", "What to write."]
    # ;--8<-- [start:solution]  the same names, defined so that it holds
    # ;--8<-- [start:grader]    def grade() -> str: ..., which returns what is said at the end
    ```
    """
    for program in exercises(course):
        path, exercise = below_root(course, program), Exercise.read(program)
        for what, fix in section_problems(exercise):
            yield Problem(path, 1, what, fix)


def section_problems(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Walk over what an exercise lacks: problem, fix."""
    marks = [match for line in exercise.text.splitlines() if (match := MARKER.fullmatch(line))]
    found = [match[2] for match in marks if match[1] == "start"]
    if tuple(found) != SECTIONS:
        fix = f"have {', '.join(f'`{name}`' for name in SECTIONS)}"
        yield f"its sections are {', '.join(f'`{name}`' for name in found) or 'none'}", fix
        return
    if not all(parsed(exercise.section(name)) for name in SECTIONS):
        return  # it does not run at all, and its recording's test says so
    if len(hints := hints_of(exercise)) != HINTS:
        yield f"{len(hints)} hints", "write `HINTS = [...]` with two strings into `hints`"
    if not exercise.needed:
        yield "a solution of something else", "define in `solution` a name of `given` again"
    if "grade" not in names_in(exercise.section("grader")):
        yield "nothing grades it", "write `def grade() -> str` into `grader`"


def hints_of(exercise: Exercise) -> list[str]:
    """Return the hints that are written as a list of strings."""
    try:
        return exercise.hints
    except (SyntaxError, TypeError, ValueError):
        return []


@rule
def graders_say_why(course: Course) -> Iterator[Problem]:
    """Each assertion of a grader has the sentence that the reader gets.

    ```python
    assert raised, "On the night of the moved files no file came, and your load returned."
    ```
    """
    for program in exercises(course):
        statements = parsed(program.read_text(encoding="utf-8"))
        begins = start_of(program, "grader")
        for node in (node for one in statements for node in ast.walk(one)):
            if isinstance(node, ast.Assert) and node.msg is None and node.lineno > begins:
                fix = 'add the sentence: `assert …, "What happened, and what to look at."`'
                yield Problem(below_root(course, program), node.lineno, "an answer in silence", fix)


def start_of(program: Path, section: str) -> int:
    """Return the line on which a section starts; if none does, the last."""
    lines = program.read_text(encoding="utf-8").splitlines()
    starts = (n for n, line in enumerate(lines, 1) if f"[start:{section}]" in line)
    return next(starts, len(lines))


@rule
def exercises_have_wrong_answers(course: Course) -> Iterator[Problem]:
    """The test of an exercise has three typical wrong answers or more, each with its answer.

    ```python
    WRONG = {"what somebody believes": ("the code", "words of the grader's answer"), ...}


    def test_each_wrong_answer_is_answered(exercise: Graded) -> None:
        assert exercise.unanswered(WRONG) == []
    ```
    """
    for program in exercises(course):
        chapter = program.parent.relative_to(course.root / "snippets")
        test = course.root / "tests" / "snippets" / chapter / f"test_{program.name}"
        if test.is_file():  # another rule asks for it
            text = test.read_text(encoding="utf-8")
            if (number := wrong_answers(text)) < WRONG_ANSWERS:
                fix = f"have {WRONG_ANSWERS} or more in `WRONG = {{...}}`"
                yield Problem(below_root(course, test), 1, f"{number} wrong answers", fix)
            elif text.count("WRONG") < 2:
                fix = "assert that `exercise.unanswered(WRONG)` is empty"
                yield Problem(below_root(course, test), 1, "`WRONG` is not tried", fix)


def wrong_answers(test: str) -> int:
    """Count the entries of a test's `WRONG`, a dictionary that is written out."""
    for one in parsed(test):
        match one:
            case ast.Assign([ast.Name("WRONG")], ast.Dict(keys)):
                return len(keys)
            case ast.AnnAssign(ast.Name("WRONG"), value=ast.Dict(keys)):
                return len(keys)
    return 0


@rule
def exercises_are_shown(course: Course) -> Iterator[Problem]:
    """An exercise stands on its chapter's page, whole and in a fence of its own.

    ````markdown
    ```exercise
    ;--8<-- "<course>/<chapter>/<idea>_exercise.py"
    ```
    ````

    It stands in the part `#turn`, if the page has one; more of them may stand elsewhere.
    """
    for page in course.pages.values():
        for line, what in fence_problems(page):
            fix = 'write one line, unindented: `--8<-- "<course>/<chapter>/<idea>_exercise.py"`'
            yield Problem(where(page), line, what, fix)
    for program in exercises(course):
        path = program.relative_to(course.root / "snippets")
        page_there = course.pages.get(f"{path.parent.as_posix()}.md")
        if page_there and path.as_posix() not in dict(shown(page_there)):
            fix = f"embed it in an `exercise` fence of {where(page_there)}"
            yield Problem(below_root(course, program), 1, "an exercise that nobody can do", fix)
    for page in course.chapters:
        line = next((line.number for line in prose_of(page) if line.section == "turn"), 0)
        if line and shown(page) and "turn" not in {section for _, section in shown(page)}:
            fix = "move one of the page's exercises to it"
            yield Problem(where(page), line, "`#turn` without an exercise", fix)


def fence_problems(page: Page) -> Iterator[tuple[int, str]]:
    """Walk over the exercises' fences that hold something else: line, problem."""
    for line in lines_of(page):
        if line.fence == FENCE and not line.is_fence:
            path = line.embed.path if line.embed else ""
            whole = line.embed and not line.embed.section and line.text.startswith("-")
            if not (whole and is_exercise(Path(path))):
                yield line.number, "a fence without an exercise"


def shown(page: Page) -> list[tuple[str, str]]:
    """Return the exercises that a page has in fences: path below snippets/, section."""
    inside = (line for line in lines_of(page) if line.fence == FENCE)
    return [(line.embed.path, line.section) for line in inside if line.embed]
