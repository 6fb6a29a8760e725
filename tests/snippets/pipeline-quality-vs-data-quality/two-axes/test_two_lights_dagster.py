from datetime import UTC, datetime
from types import ModuleType

import dagster as dg
import pytest
from dagster._core.definitions.asset_health.asset_check_health import AssetCheckHealthState
from dagster._core.definitions.asset_health.asset_health import (
    AssetHealthStatus,
    overall_status_from_component_statuses,
)
from dagster._core.definitions.asset_health.asset_materialization_health import (
    MinimalAssetMaterializationHealthState,
)
from dagster_shared.check import CheckError


@pytest.fixture(autouse=True)
def warehouse(program: ModuleType) -> None:
    program.prepare()


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
    load = program.run("revenue", program.NIGHTS["swapped"])
    assert program.verdict(load) == "none"
    check = program.run("revenue_is_right")
    assert (program.status(check), program.verdict(check)) == ("SUCCESS", "failed")


def test_check_that_blocks_fails_its_own_run(program: ModuleType) -> None:
    """What a run-failure sensor can hear where no alert knows checks."""

    @dg.asset_check(asset=program.raw_orders, blocking=True)
    def blocks() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False)

    job = dg.define_asset_job("blocks_alone", dg.AssetSelection.checks(blocks))
    defs = dg.Definitions(
        assets=[program.raw_orders],
        asset_checks=[blocks],
        jobs=[job],
        resources={
            "warehouse": program.WAREHOUSE,
            "due": program.Due(day=program.THURSDAY),
        },
    )
    run = defs.resolve_job_def("blocks_alone").execute_in_process(raise_on_error=False)
    assert program.status(run) == "FAILURE"


def test_bank_holiday_passes_and_a_missing_ledger_does_not(program: ModuleType) -> None:
    program.prepare(orders=0, eur=0)
    assert program.verdict(program.run("revenue_is_right")) == "passed"
    with program.WAREHOUSE.open() as warehouse:
        warehouse.execute("delete from ledger")
    assert program.verdict(program.run("revenue_is_right")) == "failed"


def test_right_orders_and_a_wrong_figure_do_not_agree(program: ModuleType) -> None:
    program.run("revenue", program.Night())
    assert program.verdict(program.run("revenue_is_right")) == "passed"
    with program.WAREHOUSE.open() as warehouse:
        warehouse.execute("drop view fct_revenue_daily")
        warehouse.execute("create view fct_revenue_daily as select '2026-01-22' day, 500 eur")
    assert program.verdict(program.run("revenue_is_right")) == "failed"


def test_each_light_has_a_job_and_an_hour(program: ModuleType) -> None:
    due = {schedule.job_name: schedule.cron_schedule for schedule in program.SCHEDULES}
    assert due == {"revenue": "12 3 * * *", "revenue_is_right": "0 6 * * *"}


def test_each_schedule_asks_for_the_day_before(program: ModuleType) -> None:
    six = datetime(2026, 1, 23, 6, tzinfo=UTC)
    for schedule in program.SCHEDULES:
        with dg.build_schedule_context(scheduled_execution_time=six) as context:
            [request] = schedule.evaluate_tick(context).run_requests
        assert request.run_config == {"resources": {"due": {"config": {"day": "2026-01-22"}}}}


@pytest.mark.parametrize("job", ["nightly", "revenue", "revenue_is_right"])
def test_run_without_a_day_does_not_start(program: ModuleType, job: str) -> None:
    with pytest.raises(dg.DagsterInvalidConfigError, match=r"'due': \{'config': \{'day'"):
        program.DEFINITIONS.resolve_job_def(job).execute_in_process()


def test_job_of_a_check_alone_takes_no_partition(program: ModuleType) -> None:
    """Why the day is config: in the load's own job the check reads the partition's key."""
    days = dg.DailyPartitionsDefinition(start_date="2026-01-01")
    asked = []

    @dg.asset(partitions_def=days)
    def raw_orders() -> None: ...

    @dg.asset_check(asset=raw_orders)
    def reads_day(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        asked.append(context.partition_key)
        return dg.AssetCheckResult(passed=True)

    both = dg.define_asset_job("both", dg.AssetSelection.assets(raw_orders))
    alone = dg.define_asset_job("alone", dg.AssetSelection.checks(reads_day))
    defs = dg.Definitions(assets=[raw_orders], asset_checks=[reads_day], jobs=[both, alone])
    thursday = {"partition_key": program.THURSDAY}
    assert defs.resolve_job_def("both").execute_in_process(**thursday).success
    assert asked == [program.THURSDAY]
    with pytest.raises(CheckError, match="no PartitionsDefinition shared"):
        defs.resolve_job_def("alone").execute_in_process(**thursday)


def test_schedules_and_sensors_are_stopped_until_they_are_started(
    program: ModuleType,
) -> None:
    @dg.run_failure_sensor
    def tell(_: dg.RunFailureSensorContext) -> None: ...

    stopped = dg.DefaultScheduleStatus.STOPPED
    assert [schedule.default_status for schedule in program.SCHEDULES] == [stopped, stopped]
    assert tell.default_status is dg.DefaultSensorStatus.STOPPED


def test_health_is_one_word_for_both_nights(program: ModuleType) -> None:
    words = set()
    for night in program.NIGHTS.values():
        load, check = program.run("revenue", night), program.run("revenue_is_right")
        words.add(health(last_materialization(load), last_check(check)))
    assert words == {AssetHealthStatus.DEGRADED}
    as_usual = program.run("revenue", program.Night()), program.run("revenue_is_right")
    well = health(last_materialization(as_usual[0]), last_check(as_usual[1]))
    assert well is AssetHealthStatus.HEALTHY


def health(materialization: AssetHealthStatus, checks: AssetHealthStatus) -> AssetHealthStatus:
    return overall_status_from_component_statuses(
        materialization_status=materialization,
        asset_checks_status=checks,
        freshness_status=AssetHealthStatus.NOT_APPLICABLE,
    )


def last_materialization(load: dg.ExecuteInProcessResult) -> AssetHealthStatus:
    return MinimalAssetMaterializationHealthState(
        latest_materialization_timestamp=None,
        latest_terminal_run_id=load.run_id,
        num_failed_partitions=0 if load.success else 1,
        num_currently_materialized_partitions=1 if load.success else 0,
        partitions_snap=None,
    ).health_status


def last_check(run: dg.ExecuteInProcessResult) -> AssetHealthStatus:
    [found] = run.get_asset_check_evaluations()
    key = {found.asset_check_key}
    warns = found.severity is dg.AssetCheckSeverity.WARN
    return AssetCheckHealthState(
        passing_checks=key if found.passed else set(),
        failing_checks=set() if found.passed or warns else key,
        warning_checks=key if not found.passed and warns else set(),
        all_checks=key,
    ).health_status
