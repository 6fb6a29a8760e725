from types import ModuleType

import dagster as dg
from dagster._core.definitions.asset_health.asset_health import (
    AssetHealthStatus,
    overall_status_from_component_statuses,
)


def test_bug_is_real(program: ModuleType) -> None:
    lost, _ = program.NIGHTS
    assert program.run_in_one(lost) == ("FAILURE", "none")


def test_fix_holds(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    assert program.run_apart(lost) == ("FAILURE", "passed")
    assert program.run_apart(swapped) == ("SUCCESS", "failed")


def test_check_that_does_not_block_leaves_its_own_run_green(program: ModuleType) -> None:
    """Why the light is the check's result: the run that found the fault is a SUCCESS."""
    swapped = program.NIGHTS["EUR/USD swapped"]
    program.run(program.LOAD, swapped)
    check = program.run(program.CHECK)
    assert (check.dagster_run.status, program.verdict(check)) == (
        dg.DagsterRunStatus.SUCCESS,
        "failed",
    )


def test_health_is_one_word_for_both_nights() -> None:
    well, bad, unset = (
        AssetHealthStatus.HEALTHY,
        AssetHealthStatus.DEGRADED,
        AssetHealthStatus.NOT_APPLICABLE,
    )
    overall = overall_status_from_component_statuses
    red_and_right = overall(
        asset_checks_status=well, materialization_status=bad, freshness_status=unset
    )
    green_and_wrong = overall(
        asset_checks_status=bad, materialization_status=well, freshness_status=unset
    )
    assert red_and_right is green_and_wrong is bad
