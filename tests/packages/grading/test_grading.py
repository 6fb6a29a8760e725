"""A program is graded by its exercise: what the grader says, and what is said of a broken one."""

from __future__ import annotations

import pytest

from grading import Exercise

TEXT = '''"""Have it double."""

# --8<-- [start:given]
from dataclasses import dataclass


@dataclass
class Order:
    """An order."""

    eur: "int"


def double(order: Order) -> int:
    """Double an order."""
    return order.eur


# --8<-- [end:given]


# --8<-- [start:hints]
HINTS = ["Where?", "What?"]
# --8<-- [end:hints]


# --8<-- [start:solution]
def double(order: Order) -> int:
    """Double an order."""
    return 2 * order.eur


# --8<-- [end:solution]


# --8<-- [start:grader]
def helper() -> int:
    """Return a hundred."""
    return 100


def grade() -> str:
    """Try one order."""
    assert double(Order(helper())) == 200, "Of EUR 100 it makes no 200."
    return "It doubles."


# --8<-- [end:grader]
'''
EXERCISE = Exercise("double_exercise.py", TEXT)


def test_what_is_given_fails_with_the_graders_sentence() -> None:
    verdict = EXERCISE.grade(EXERCISE.given)
    assert (verdict.passed, verdict.says, verdict.trace) == (
        False,
        "Of EUR 100 it makes no 200.",
        "",
    )
    assert str(verdict) == "not yet: Of EUR 100 it makes no 200."


def test_the_solution_passes_with_what_the_grader_returns() -> None:
    verdict = EXERCISE.grade(EXERCISE.solution)
    assert str(verdict) == "passed: It doubles."


def test_the_parts_are_those_of_the_file() -> None:
    assert EXERCISE.task == "Have it double."
    assert EXERCISE.hints == ["Where?", "What?"]
    assert EXERCISE.given.startswith("from dataclasses import dataclass\n")
    assert EXERCISE.solution.startswith(EXERCISE.given)
    assert EXERCISE.needed == {"double"}


def test_a_name_of_the_grader_does_not_reach_the_program() -> None:
    work = EXERCISE.given + (
        "\ndef helper():\n    return 2\n\ndef double(order):\n    return helper() * order.eur\n"
    )
    assert EXERCISE.grade(work).passed


def test_nothing_of_one_program_is_left_to_the_next() -> None:
    assert EXERCISE.grade(EXERCISE.solution).passed
    assert not EXERCISE.grade(EXERCISE.given).passed


BROKEN = [
    ("def double(o):\n    return o.usd\n", "in line 16: AttributeError: 'Order' object has no"),
    ("def double(o):\n    assert False, 'no'\n", "in line 16: AssertionError: no"),
    ("raise SystemExit('enough')\n", "in line 15: SystemExit: enough"),
]


@pytest.mark.parametrize(("code", "says"), BROKEN, ids=[code for code, _ in BROKEN])
def test_a_broken_program_is_told_where(code: str, says: str) -> None:
    verdict = EXERCISE.grade(f"{EXERCISE.given}\n{code}", "mine.py")
    assert not verdict.passed
    assert f"Your program broke off {says}" in verdict.says
    assert 'File "mine.py", line 1' in verdict.trace
    assert "grading" not in verdict.trace


UNUSABLE = [
    ("def double(:\n", "Python cannot read line 1: "),
    ("x = 1\n", "Your program lacks `double`, which is graded."),
    ("class Order:\n    pass\n\ndef double():\n    pass\n", "broke off when the grader called it"),
]


@pytest.mark.parametrize(("work", "says"), UNUSABLE, ids=[says for _, says in UNUSABLE])
def test_a_program_that_cannot_be_graded_is_told_why(work: str, says: str) -> None:
    verdict = EXERCISE.grade(work)
    assert not verdict.passed
    assert says in verdict.says
    assert not verdict.trace
