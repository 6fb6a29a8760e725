"""A test can fail, pytest runs it, and what it tests is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tooling.course.course import Course
from tooling.course.suite import Facts, Function
from tooling.rules import Problem, rule

PROMISES = ("test_bug_is_real", "test_fix_holds")
OF_SCREENS = re.compile(r"_screens_[a-z]+\.py$")
OF_PROGRAMS, OF_SYMPTOMS = "tests/snippets/", "tests/diagnose/"


@rule
def tests_can_fail(course: Course) -> Iterator[Problem]:
    """A test asserts something that can be false, itself or in a function that it calls.

    ```python
    def test_bug_is_real(program: ModuleType) -> None:
        assert program.run_night("empty") == ("success", 0)
    ```

    `pytest.raises`, `pytest.fail` and Playwright's `expect` assert too. `assert True`, a comparison
    of a thing with itself, and an assertion whose error is caught, do not.
    """
    functions = by_dotted_name(course.suite)
    for path, facts in course.suite.items():
        for line, what, fix in facts.weak:
            yield Problem(path, line, what, fix)
        for test in facts.tests:
            if not asserts(f"{module(path)}.{test}", functions, set()):
                fix = "compare what happened with what should have, here or in a function of tests/"
                yield Problem(path, facts.functions[test].line, f"`{test}` asserts nothing", fix)


def module(path: str) -> str:
    """Write a path as an import does."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def by_dotted_name(files: dict[str, Facts]) -> dict[str, tuple[str, Function]]:
    """Map each function below tests/ to its module and itself."""
    return {
        f"{module(path)}.{name}": (module(path), function)
        for path, facts in files.items()
        for name, function in facts.functions.items()
    }


def asserts(name: str, functions: dict[str, tuple[str, Function]], seen: set[str]) -> bool:
    """Tell whether a function asserts, or calls one of ours that does."""
    if name in seen or name not in functions:
        return False
    own, function = functions[name]
    calls = (f"{own}{call}" if call.startswith(".") else call for call in function.calls)
    return function.asserts or any(asserts(call, functions, seen | {name}) for call in calls)


@rule
def tests_are_run(course: Course) -> Iterator[Problem]:
    """A test is collected and run: none is skipped, expected to fail, misnamed or commented out.

    What a machine may lack, such as a browser, is reported by `lacks` of `tests/machine.py`, which
    skips the test there and fails it in CI.
    """
    used = {name for facts in course.suite.values() for name in facts.imports}
    for path, facts in course.suite.items():
        for line, what, fix in facts.not_run:
            yield Problem(path, line, what, fix)
        if path.rpartition("/")[2].startswith("test_") and not facts.tests:
            yield Problem(path, 1, "a file of tests without one", "write one, or delete it")
        for name in facts.unused:
            if f"{module(path)}.{name}" not in used:
                fix = f"name it `test_{name.removeprefix('test')}`, call it, or delete it"
                yield Problem(path, facts.functions[name].line, f"nothing runs `{name}`", fix)


@rule
def tests_have_a_subject(course: Course) -> Iterator[Problem]:
    """What a test is about is there: its program, or its symptom's page.

    `tests/snippets/<course>/<chapter>/test_<idea>.py` is about
    `snippets/<course>/<chapter>/<idea>.py`, or a project's folder without the suffix, and
    `tests/diagnose/<symptom>/` about `docs/diagnose/<symptom>.md`.
    """
    for path in course.suite:
        about = subject_of(path)
        folder = course.root / str(about).removesuffix(".py")  # of a project
        if about and not (course.root / about).is_file() and not folder.is_dir():
            yield Problem(path, 1, f"about {about}, which is not there", "rename or delete it")


def subject_of(path: str) -> str | None:
    """Name the file that a test is about, if its place says so."""
    folder, _, name = path.rpartition("/")
    if not name.startswith("test_"):
        return None
    if path.startswith(OF_PROGRAMS):
        return f"{folder.removeprefix('tests/')}/{name.removeprefix('test_')}"
    if path.startswith(OF_SYMPTOMS):
        return f"docs/diagnose/{path.split('/')[2]}.md"
    return None


@rule
def promises_are_tested(course: Course) -> Iterator[Problem]:
    """The test of a program shows both: the bug is real, and the fix holds.

    ```python
    def test_bug_is_real(program: ModuleType) -> None: ...
    def test_fix_holds(program: ModuleType) -> None: ...
    ```

    A program of screens has neither: its test says what the pictures show.
    """
    for path, facts in course.suite.items():
        subject = subject_of(path)
        if not (subject and path.startswith(OF_PROGRAMS)) or OF_SCREENS.search(subject):
            continue
        if (course.root / subject).is_file():
            for promise in PROMISES:
                if promise not in facts.tests:
                    yield Problem(path, 1, f"no `{promise}`", f"add `{promise}`")
