import dagster as dg

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


@dg.asset(partitions_def=dg.DailyPartitionsDefinition("2026-03-11"))
def fct_revenue_daily(context: dg.AssetExecutionContext) -> None:
    """Add up a day."""
    if context.run.tags.get("fault"):
        raise RuntimeError("no orders")


@dg.asset(partitions_def=dg.DailyPartitionsDefinition("2026-03-11"))
def raw_orders() -> None:
    """Load a day."""


def test_each_day_has_its_last_time(page: StagedPage, dagster: dg.DagsterInstance) -> None:
    for day in ("2026-03-12", "2026-03-11", "2026-03-12"):
        dg.materialize([fct_revenue_daily], instance=dagster, partition_key=day)
    day = {"partition_key": "2026-03-11", "tags": {"fault": "1"}}  # planned, and not published
    dg.materialize([fct_revenue_daily], instance=dagster, raise_on_error=False, **day)
    dg.materialize([raw_orders], instance=dagster, partition_key="2026-03-13")
    (newest, again), (oldest, once) = ask(dagster, page.code())
    assert (newest, oldest) == ("2026-03-12", "2026-03-11")
    assert again > once
