import dagster as dg

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


@dg.asset
def raw_orders() -> None:
    """Load the orders."""


@dg.asset
def fct_revenue_daily(context: dg.AssetExecutionContext) -> None:
    """Add them up."""
    if context.run.tags.get("fault"):
        raise RuntimeError("no orders")


def test_the_asset_that_stands_still_comes_first(
    page: StagedPage, dagster: dg.DagsterInstance
) -> None:
    for assets in ([raw_orders], [fct_revenue_daily], [raw_orders]):
        dg.materialize(assets, instance=dagster)
    fault = {"fault": "1"}  # planned, and not done
    dg.materialize([fct_revenue_daily], instance=dagster, tags=fault, raise_on_error=False)
    found = [asset for asset, _ in ask(dagster, page.code())]
    assert found == ['["fct_revenue_daily"]', '["raw_orders"]']
