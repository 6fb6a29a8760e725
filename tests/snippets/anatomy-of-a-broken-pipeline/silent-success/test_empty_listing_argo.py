from types import ModuleType

import pytest

from testbed.argo import problems

LOST = ["files moved", "half lost", "old file"]


def dependencies(workflow: object) -> dict[str, str | None]:
    night, *_ = workflow.to_dict()["spec"]["workflowSpec"]["templates"]
    return {task["name"]: task.get("depends") for task in night["dag"]["tasks"]}


@pytest.mark.parametrize("night", LOST)
def test_bug_is_real(program: ModuleType, night: str) -> None:
    load, _, _ = program.run_night(night)
    assert load == 0
    assert dependencies(program.as_written)["publish-revenue"] == "load-orders"


@pytest.mark.parametrize("night", LOST)
def test_fix_holds(program: ModuleType, night: str) -> None:
    _, check, reason = program.run_night(night)
    assert (check, "in the table" in reason) == (1, True)
    assert dependencies(program.asserted) == {
        "load-orders": None,
        "as-declared": "load-orders",
        "publish-revenue": "as-declared",
    }


def test_warehouse_that_does_not_answer_fails_too(program: ModuleType) -> None:
    program.run_night("10 orders")
    (program.Path.home() / "raw.db").write_bytes(b"")
    code, reason = program.run_step("as-declared")
    assert (code, "no such table" in reason) == (1, True)


def test_declared_empty_day_and_good_night_pass(program: ModuleType) -> None:
    assert program.run_night("bank holiday") == (0, 0, "EUR 0.00")
    assert program.run_night("10 orders") == (0, 0, "EUR 1000.00")


def test_no_run_starts_on_a_monday_for_a_sunday(program: ModuleType) -> None:
    *_, weekdays = program.asserted.schedules[0].split()
    assert weekdays == "0,2-6"  # 1 is Monday


@pytest.mark.parametrize("which", ["as_written", "asserted"])
def test_workflow_fits_the_schema(program: ModuleType, which: str) -> None:
    assert problems(getattr(program, which).to_dict()) == []


def test_each_step_works_where_the_volume_is(program: ModuleType) -> None:
    _, *steps = program.asserted.build().spec.workflow_spec.templates
    mounted = [(step.script.working_dir, step.script.volume_mounts[0].mount_path) for step in steps]
    assert mounted == [("/shared", "/shared")] * 3
