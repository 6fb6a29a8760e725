import dagster as dg

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


@dg.asset(partitions_def=dg.DailyPartitionsDefinition("2026-03-11"))
def raw_orders() -> None:
    """Load the orders of a day."""


@dg.asset(partitions_def=dg.DailyPartitionsDefinition("2026-03-11"))
def fct_revenue_daily() -> None:
    """Add up a day."""


def load(dagster: dg.DagsterInstance, day: str, **tags: str) -> None:
    keys = {key.replace("_", "/"): value for key, value in tags.items()}
    dg.materialize([raw_orders], instance=dagster, partition_key=day, tags=keys)


def test_the_days_that_ran_again_are_told(page: StagedPage, dagster: dg.DagsterInstance) -> None:
    for day in ("2026-03-11", "2026-03-12"):
        load(dagster, day)
    for _ in range(2):
        dg.materialize([fct_revenue_daily], instance=dagster, partition_key="2026-03-11")
    assert ask(dagster, page.code()) == []
    for day in ("2026-03-12", "2026-03-13"):
        load(dagster, day, dagster_backfill="february")
    assert ask(dagster, page.code()) == [("2026-03-12", 2, 1)]
