"""A failed Dagster check leaves the run green, unless it blocks, and then only this run."""

import dagster as dg


class Night(dg.Config):
    """How many orders the export has."""

    orders: int


@dg.asset
def raw_orders(config: Night) -> int:
    """Load the night's export."""
    return config.orders


@dg.asset
def fct_revenue_daily(raw_orders: int) -> int:
    """Publish the figure on the CFO dashboard, at EUR 100 an order."""
    return raw_orders * 100


# --8<-- [start:bug]
@dg.asset_check(asset=raw_orders, name="has_orders")
def noted(raw_orders: int) -> dg.AssetCheckResult:
    """Put a mark beside the asset; whoever looks may see it."""
    return dg.AssetCheckResult(passed=raw_orders > 0)


# --8<-- [end:bug]
# --8<-- [start:fix]
@dg.asset_check(asset=raw_orders, name="has_orders", blocking=True)
def blocking(raw_orders: int) -> dg.AssetCheckResult:
    """Stop what comes after in this run, and fail the run."""
    return dg.AssetCheckResult(passed=raw_orders > 0)


# --8<-- [end:fix]
