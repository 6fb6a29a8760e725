from types import ModuleType

import pytest

from testbed.argo import problems


def tasks(workflow_spec: dict) -> dict[str, str | None]:
    night, *_ = workflow_spec["templates"]
    return {task["name"]: task.get("depends") for task in night["dag"]["tasks"]}


def test_bug_is_real(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    load, _ = program.run_night(lost)
    _, check = program.run_night(swapped)
    assert (load, check) == (1, 1)
    spec = program.revenue_and_check().to_dict()["spec"]
    assert tasks(spec) == {"load-orders": None, "check-revenue": "load-orders"}


def test_fix_holds(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    assert program.run_night(lost) == (1, 0)
    assert program.run_night(swapped) == (0, 1)
    load = program.revenue().to_dict()["spec"]
    assert load["schedules"] == ["12 3 * * *"]
    assert tasks(load["workflowSpec"]) == {"load-orders": None}
    check = program.revenue_is_right().to_dict()["spec"]
    assert check["schedules"] == ["0 6 * * *"]
    assert check["workflowSpec"]["entrypoint"] == "check-revenue"


@pytest.mark.parametrize("build", ["revenue_and_check", "revenue", "revenue_is_right"])
def test_workflow_fits_the_schema(program: ModuleType, build: str) -> None:
    assert problems(getattr(program, build)().to_dict()) == []
