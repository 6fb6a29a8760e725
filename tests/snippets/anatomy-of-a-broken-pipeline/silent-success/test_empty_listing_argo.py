from types import ModuleType

import pytest

from testbed.argo import problems


def dependencies(program: ModuleType, asserted: bool) -> dict[str, str | None]:
    night, *_ = program.nightly(asserted).to_dict()["spec"]["templates"]
    return {task["name"]: task.get("depends") for task in night["dag"]["tasks"]}


def test_bug_is_real(program: ModuleType) -> None:
    assert program.exit_code("load-orders", files="[]") == 0
    assert dependencies(program, asserted=False)["publish-revenue"] == "load-orders"


def test_fix_holds(program: ModuleType) -> None:
    assert program.exit_code("assert-effect", loaded="0", declared="null") == 1
    assert program.exit_code("assert-effect", loaded="9", declared="10") == 1
    assert dependencies(program, asserted=True) == {
        "load-orders": None,
        "assert-effect": "load-orders",
        "publish-revenue": "assert-effect",
    }


def test_output_that_is_no_number_fails_too(program: ModuleType) -> None:
    assert program.exit_code("assert-effect", loaded="", declared="") == 1


def test_declared_empty_day_and_good_night_pass(program: ModuleType) -> None:
    assert program.exit_code("assert-effect", loaded="0", declared="0") == 0
    assert program.exit_code("assert-effect", loaded="10", declared="10") == 0


@pytest.mark.parametrize("asserted", [False, True])
def test_workflow_fits_the_schema(program: ModuleType, asserted: bool) -> None:
    assert problems(program.nightly(asserted).to_dict()) == []
