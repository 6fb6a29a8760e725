"""What `-m pipelines` names in the Dagster commands: the assets of a day, and their job."""

import dagster as dg

from tests.diagnose.staging.re_run import add_up, load_orders

DAILY = dg.DailyPartitionsDefinition("2026-03-01")


@dg.asset(partitions_def=DAILY)
def raw_orders(context: dg.AssetExecutionContext) -> None:
    """Load the orders of a day."""
    load_orders(context.partition_key)


@dg.asset(partitions_def=DAILY, deps=[raw_orders])
def fct_revenue_daily(context: dg.AssetExecutionContext) -> None:
    """Add up a day."""
    add_up(context.partition_key)


@dg.asset(partitions_def=DAILY, deps=[fct_revenue_daily])
def dashboard() -> None:
    """Show a day."""


@dg.run_failure_sensor
def tell_the_team(context: dg.RunFailureSensorContext) -> None:
    """Tell the team that a run failed."""


defs = dg.Definitions(
    [raw_orders, fct_revenue_daily, dashboard],
    sensors=[tell_the_team],
    jobs=[dg.define_asset_job("nightly")],
    executor=dg.in_process_executor,
)
