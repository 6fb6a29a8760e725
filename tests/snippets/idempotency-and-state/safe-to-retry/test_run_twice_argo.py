from types import ModuleType

import pytest

from testbed.argo import problems


def test_bug_is_real(program: ModuleType) -> None:
    unit = program.UNITS["workflow.uid"]
    assert program.charges_after(unit, program.RETRIED) == 10
    assert program.charges_after(unit, program.RESUBMITTED) == 20


def test_fix_holds(program: ModuleType) -> None:
    unit = program.UNITS["parameter"]
    assert program.charges_after(unit, program.RETRIED) == 10
    assert program.charges_after(unit, program.RESUBMITTED) == 10


def test_the_key_names_the_day_and_the_customer(program: ModuleType) -> None:
    keys = program.keys(program.UNITS["parameter"], "0f1e")
    assert keys == {f"renewal/2026-03-13/{customer}" for customer in range(10)}


def test_the_day_is_an_argument_of_the_workflow(program: ModuleType) -> None:
    spec = program.billing(program.UNITS["parameter"]).to_dict()["spec"]
    assert spec["arguments"]["parameters"] == [{"name": "day", "value": "2026-03-13"}]
    [_, charge] = spec["templates"]
    assert charge["retryStrategy"] == {"limit": 1}


@pytest.mark.parametrize("unit", ["workflow.uid", "parameter"])
def test_workflow_fits_the_schema(program: ModuleType, unit: str) -> None:
    assert problems(program.billing(program.UNITS[unit]).to_dict()) == []
