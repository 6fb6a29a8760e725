"""A failed Dagster check leaves the run green; one that blocks stops this run only."""

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
CHECKS = {"noted": noted, "blocking": blocking}


def run_night(check: str, orders: int) -> tuple[str, str, str]:
    """Run one night, then its last asset alone; return verdict and both statuses."""
    assets = [raw_orders, fct_revenue_daily]
    with dg.DagsterInstance.ephemeral() as instance:
        night = dg.materialize(
            [*assets, CHECKS[check]],
            instance=instance,
            run_config=dg.RunConfig({"raw_orders": Night(orders=orders)}),
            raise_on_error=False,
        )
        later = dg.materialize(assets, instance=instance, selection=[fct_revenue_daily])
    (has_orders,) = night.get_asset_check_evaluations()
    verdict = "passed" if has_orders.passed else "failed"
    return verdict, night.dagster_run.status.value, later.dagster_run.status.value


if __name__ == "__main__":
    for check in CHECKS:
        print(f"{check:<13}check   run      later run")
        for orders in (10, 0):
            row = (f"{orders} orders", *run_night(check, orders))
            print("  {:<11}{:<8}{:<9}{}".format(*row))
