import dagster as dg

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


@dg.asset
def raw_orders() -> None:
    """Load nothing."""


@dg.asset_check(asset=raw_orders)
def has_orders() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False)


@dg.asset_check(asset=raw_orders, blocking=True)
def blocks() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False)


@dg.asset_check(asset=raw_orders)
def is_well() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


def test_the_check_below_a_green_run_is_told(page: StagedPage, dagster: dg.DagsterInstance) -> None:
    runs = {
        check.check_key.name: dg.materialize(
            [raw_orders, check], instance=dagster, raise_on_error=False
        )
        for check in (has_orders, blocks, is_well)
    }
    assert [run.success for run in runs.values()] == [True, False, True]
    green = runs["has_orders"].run_id
    assert ask(dagster, page.code()) == [(green, '["raw_orders"]', "has_orders")]
