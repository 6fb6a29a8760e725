"""A failed Dagster check fails the run only if it blocks; a raised Failure always."""

from collections.abc import Iterator

import dagster as dg


# --8<-- [start:nights]
class Night(dg.Config):
    """Was a delivery due, what did its manifest declare, what was listed."""

    due: bool
    declared: int | None
    files: list[int]


NIGHTS = {
    "10 orders": Night(due=True, declared=10, files=[10]),
    "files moved": Night(due=True, declared=None, files=[]),
    "bank holiday": Night(due=True, declared=0, files=[]),
    "Sunday": Night(due=False, declared=None, files=[]),
}
# --8<-- [end:nights]


# --8<-- [start:bug]
@dg.asset(key="raw_orders")
def as_written(config: Night) -> None:
    """Load every listed file."""
    sum(config.files)


# --8<-- [end:bug]
# --8<-- [start:check]
def checked(blocking: bool) -> dg.AssetsDefinition:
    """Load every listed file, and check the result beside the asset."""
    check = dg.AssetCheckSpec("as_declared", asset="raw_orders", blocking=blocking)

    @dg.asset(key="raw_orders", check_specs=[check])
    def raw_orders(config: Night) -> dg.MaterializeResult:
        passed = sum(config.files) == config.declared
        return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=passed)])

    return raw_orders


# --8<-- [end:check]
# --8<-- [start:fix]
@dg.asset(key="raw_orders", output_required=False)
def asserted(config: Night) -> Iterator[dg.MaterializeResult]:
    """Materialize what was declared; with no output, the rest is skipped."""
    if not config.due:
        return
    loaded, declared = sum(config.files), config.declared
    if loaded != declared:
        raise dg.Failure(f"{loaded} loaded, {declared} declared", allow_retries=False)
    yield dg.MaterializeResult()


# --8<-- [end:fix]


@dg.asset(deps=["raw_orders"])
def fct_revenue_daily() -> None:
    """Publish the figure on the CFO dashboard."""


PIPELINES = {
    "as written": as_written,
    "check": checked(blocking=False),
    "blocking check": checked(blocking=True),
    "raise Failure": asserted,
}


def run_night(raw_orders: dg.AssetsDefinition, night: str) -> tuple[str, list[str]]:
    """Run one night; return the run's status and what it materialized."""
    run = dg.materialize(
        [raw_orders, fct_revenue_daily],
        run_config=dg.RunConfig({"raw_orders": NIGHTS[night]}),
        raise_on_error=False,
    )
    events = run.get_asset_materialization_events()
    assets = [event.asset_key.to_user_string() for event in events]
    return run.dagster_run.status.value, assets


if __name__ == "__main__":
    for name, raw_orders in PIPELINES.items():
        print(name)
        for night in NIGHTS:
            status, assets = run_night(raw_orders, night)
            materialized = ", ".join(assets) or "nothing materialized"
            print(f"  {night:<14}{status:<9}{materialized}")
