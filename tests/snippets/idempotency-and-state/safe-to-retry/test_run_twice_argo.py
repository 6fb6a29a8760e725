from types import ModuleType

import pytest

from testbed.argo import problems


def test_bug_is_real(program: ModuleType) -> None:
    workflow = program.WORKFLOWS["workflow.uid"]
    assert program.charges_after(workflow, program.RETRIED) == 10
    assert program.charges_after(workflow, program.RESUBMITTED) == 20


def test_fix_holds(program: ModuleType) -> None:
    workflow = program.WORKFLOWS["parameter"]
    assert program.charges_after(workflow, program.RETRIED) == 10
    assert program.charges_after(workflow, program.RESUBMITTED) == 10


def test_the_key_names_the_subscription_and_the_period(program: ModuleType) -> None:
    keys = program.keys(program.WORKFLOWS["parameter"], "0f1e")
    assert keys == {f"renewal/sub-{n}/2026-05-12" for n in range(10)}


def test_the_day_is_an_argument_of_the_workflow(program: ModuleType) -> None:
    spec = program.WORKFLOWS["parameter"].to_dict()["spec"]
    assert spec["arguments"]["parameters"] == [{"name": "day"}], "who submits it names the day"
    [_, charge] = spec["templates"]
    assert charge["retryStrategy"] == {"limit": 1}


@pytest.mark.parametrize("name", ["workflow.uid", "parameter"])
def test_workflow_fits_the_schema(program: ModuleType, name: str) -> None:
    assert problems(program.WORKFLOWS[name].to_dict()) == []
