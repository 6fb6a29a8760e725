from types import ModuleType

import dagster as dg
from dagster._core.definitions.asset_health.asset_health import (
    AssetHealthStatus,
    overall_status_from_component_statuses,
)


def test_bug_is_real(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    assert program.run_in_one(lost) == ("FAILURE", "none")
    assert program.run_in_one(swapped) == ("SUCCESS", "failed")


def test_fix_holds(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    assert program.run_apart(lost) == ("FAILURE", "passed")
    assert program.run_apart(swapped) == ("SUCCESS", "failed")


def test_check_that_does_not_block_leaves_its_own_run_green(program: ModuleType) -> None:
    """Why the light is the check's result: the run that found the fault is a SUCCESS."""
    load = program.run("revenue", program.NIGHTS["EUR/USD swapped"])
    assert program.verdict(load) == "none"
    check = program.run("revenue_is_right")
    assert (program.status(check), program.verdict(check)) == ("SUCCESS", "failed")


def test_check_that_blocks_fails_its_own_run(program: ModuleType) -> None:
    """What a run-failure sensor can hear where no alert knows checks."""

    @dg.asset_check(asset=program.raw_orders, blocking=True)
    def blocks() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False)

    job = dg.define_asset_job("blocks_alone", dg.AssetSelection.checks(blocks))
    defs = dg.Definitions(assets=[program.raw_orders], asset_checks=[blocks], jobs=[job])
    run = defs.resolve_job_def("blocks_alone").execute_in_process(raise_on_error=False)
    assert program.status(run) == "FAILURE"


def test_each_light_has_a_job_and_an_hour(program: ModuleType) -> None:
    due = {schedule.job_name: schedule.cron_schedule for schedule in program.SCHEDULES}
    assert due == {"revenue": "12 3 * * *", "revenue_is_right": "0 6 * * *"}


def test_schedules_are_stopped_until_somebody_starts_them(program: ModuleType) -> None:
    stopped = dg.DefaultScheduleStatus.STOPPED
    assert [schedule.default_status for schedule in program.SCHEDULES] == [stopped, stopped]


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
