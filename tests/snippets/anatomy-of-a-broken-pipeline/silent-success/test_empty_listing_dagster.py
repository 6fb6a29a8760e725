from types import ModuleType

import dagster as dg
import pytest

ALL = ["raw_orders", "fct_revenue_daily"]


def run(program: ModuleType, pipeline: str, night: str) -> tuple[str, list[str]]:
    return program.run_night(program.PIPELINES[pipeline], night)


@pytest.mark.parametrize("pipeline", ["as written", "check"])
def test_bug_is_real(program: ModuleType, pipeline: str) -> None:
    assert run(program, pipeline, "files moved") == ("SUCCESS", ALL)


@pytest.mark.parametrize("pipeline", ["blocking check", "raise Failure"])
def test_fix_holds(program: ModuleType, pipeline: str) -> None:
    status, assets = run(program, pipeline, "files moved")
    assert status == "FAILURE"
    assert "fct_revenue_daily" not in assets


def test_blocking_check_comes_after_the_materialization(program: ModuleType) -> None:
    _, assets = run(program, "blocking check", "files moved")
    assert assets == ["raw_orders"]
    _, assets = run(program, "raise Failure", "files moved")
    assert assets == []


def test_blocking_check_does_not_hold_a_later_run(program: ModuleType) -> None:
    raw_orders = program.PIPELINES["blocking check"]
    with dg.DagsterInstance.ephemeral() as instance:
        config = dg.RunConfig({"raw_orders": program.NIGHTS["files moved"]})
        stopped = dg.materialize(
            [raw_orders], instance=instance, run_config=config, raise_on_error=False
        )
        later = dg.materialize(
            [raw_orders, program.fct_revenue_daily],
            instance=instance,
            selection=["fct_revenue_daily"],
        )
    assert (stopped.success, later.success) == (False, True)


@pytest.mark.parametrize("pipeline", ["blocking check", "raise Failure"])
def test_declared_empty_day_publishes_its_zero(program: ModuleType, pipeline: str) -> None:
    assert run(program, pipeline, "bank holiday") == ("SUCCESS", ALL)


def test_skip_spreads_and_the_run_is_still_a_success(program: ModuleType) -> None:
    assert run(program, "raise Failure", "Sunday") == ("SUCCESS", [])


def test_good_night_is_unchanged(program: ModuleType) -> None:
    for pipeline in program.PIPELINES:
        assert run(program, pipeline, "10 orders") == ("SUCCESS", ALL)
