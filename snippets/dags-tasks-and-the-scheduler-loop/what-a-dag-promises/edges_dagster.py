"""Dagster draws an arrow for an input and for deps, and for no table read by its name."""

import dagster as dg


@dg.asset
def raw_orders() -> None:
    """The night's orders."""


@dg.asset
def raw_rates() -> None:
    """The night's exchange rates."""


@dg.asset(deps=[raw_orders])
def stg_orders() -> None:
    """The orders, cleaned."""


@dg.asset(deps=[raw_rates])
def fct_costs_daily() -> None:
    """Costs, at the rates of the day."""


@dg.asset(deps=["fct_revenue_daily"])
def dashboard() -> None:
    """What the CFO reads at 08:00."""


# --8<-- [start:bug]
@dg.asset(deps=["stg_orders"])
def fct_revenue_daily() -> None:
    """Add up the orders, at the rates of raw_rates."""


# --8<-- [end:bug]
AS_DRAWN = fct_revenue_daily


# --8<-- [start:fix]
@dg.asset(deps=["stg_orders", "raw_rates"])
def fct_revenue_daily() -> None:
    """Add up the orders, at the rates of raw_rates."""


# --8<-- [end:fix]
WITH_EDGE = fct_revenue_daily


def edges(revenue: dg.AssetsDefinition) -> set[str]:
    """The arrows of the asset graph, as Dagster has them."""
    others = [raw_orders, raw_rates, stg_orders, fct_costs_daily, dashboard]
    graph = dg.Definitions(assets=[*others, revenue]).resolve_asset_graph()
    return {
        f"{before.to_user_string()} -> {after.to_user_string()}"
        for after in graph.get_all_asset_keys()
        for before in graph.get(after).parent_keys
    }


if __name__ == "__main__":
    for edge in sorted(edges(WITH_EDGE)):
        print(" " if edge in edges(AS_DRAWN) else "+", edge)
