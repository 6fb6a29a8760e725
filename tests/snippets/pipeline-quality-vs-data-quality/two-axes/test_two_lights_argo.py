from types import ModuleType

import pytest

from testbed.argo import problems


@pytest.fixture(autouse=True)
def warehouse(program: ModuleType) -> None:
    program.prepare()


def tasks(workflow_spec: dict) -> dict[str, str | None]:
    [dag] = [each["dag"] for each in workflow_spec["templates"] if "dag" in each]
    return {task["name"]: task.get("depends") for task in dag["tasks"]}


def test_bug_is_real(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    load, _ = program.run_night(lost)
    _, check = program.run_night(swapped)
    assert (load, check) == (1, 1)
    spec = program.revenue_and_check().to_dict()["spec"]
    assert tasks(spec["workflowSpec"]) == {"load-orders": None, "check-revenue": "load-orders"}


def test_fix_holds(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    assert program.run_night(lost) == (1, 0)
    assert program.run_night(swapped) == (0, 1)
    load = program.revenue().to_dict()["spec"]
    assert load["schedules"] == ["12 3 * * *"]
    assert tasks(load["workflowSpec"]) == {"load-orders": None}
    check = program.revenue_is_right().to_dict()["spec"]
    assert check["schedules"] == ["0 6 * * *"]
    assert tasks(check["workflowSpec"]) == {"check-revenue": None}


def test_bank_holiday_passes_and_a_missing_ledger_does_not(program: ModuleType) -> None:
    program.prepare(orders=0, eur=0)
    assert program.exit_code("check-revenue") == 0
    with program.connect(program.Path.home() / "warehouse.db") as warehouse:
        warehouse.execute("delete from ledger")
    assert program.exit_code("check-revenue") == 1


def test_right_orders_and_a_wrong_figure_do_not_agree(program: ModuleType) -> None:
    lost, _ = program.NIGHTS
    assert program.run_night(lost) == (1, 0)
    with program.connect(program.Path.home() / "warehouse.db") as warehouse:
        warehouse.execute("drop view fct_revenue_daily")
        warehouse.execute("create view fct_revenue_daily as select '2026-01-22' day, 500 eur")
    assert program.exit_code("check-revenue") == 1


def test_check_asks_for_the_day_before_its_scheduled_time(program: ModuleType) -> None:
    dag, _ = program.revenue_is_right().to_dict()["spec"]["workflowSpec"]["templates"]
    [check] = dag["dag"]["tasks"]
    asked = [{"name": "night", "value": "{{workflow.scheduledTime}}"}]
    assert check["arguments"]["parameters"] == asked


@pytest.mark.parametrize("build", ["revenue_and_check", "revenue", "revenue_is_right"])
def test_workflow_fits_the_schema(program: ModuleType, build: str) -> None:
    assert problems(getattr(program, build)().to_dict()) == []
