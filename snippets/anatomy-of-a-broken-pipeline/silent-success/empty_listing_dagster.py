"""A Dagster check asks the table, and holds the figure only if it blocks."""

import csv
from pathlib import Path
from sqlite3 import Connection, connect
from typing import NamedTuple

import dagster as dg

EXPORT = Path.home() / "export"


# --8<-- [start:warehouse]
class Warehouse(dg.ConfigurableResource):
    """The warehouse, here a SQLite file."""

    path: str

    def open(self) -> Connection:
        """Open it, with its schema raw."""
        warehouse = connect(":memory:")
        warehouse.execute("attach ? as raw", [self.path])
        return warehouse


# --8<-- [end:warehouse]
# --8<-- [start:load]
# The shop delivers for every day but Sunday.
DAYS = dg.DailyPartitionsDefinition(start_date="2026-03-01", exclusions=["0 0 * * 0"])


@dg.asset(partitions_def=DAYS)
def raw_orders(warehouse: Warehouse) -> None:
    """Append every order of every file in the export folder to raw.orders."""
    with warehouse.open() as raw:
        for file in EXPORT.glob("*.csv"):
            orders = csv.reader(file.read_text().splitlines())
            raw.executemany("insert into raw.orders values (?, ?)", orders)


@dg.asset(partitions_def=DAYS, deps=[raw_orders])
def fct_revenue_daily(context: dg.AssetExecutionContext, warehouse: Warehouse) -> None:
    """Publish the figure on the CFO dashboard."""
    query = "select coalesce(sum(eur), 0) from raw.orders where date(event_time) = ?"
    (revenue,) = warehouse.open().execute(query, [context.partition_key]).fetchone()
    context.add_output_metadata({"figure": f"EUR {revenue}.00"})


# --8<-- [end:load]
# --8<-- [start:bug]
AS_DECLARED = """
    select count(*), (select orders from raw.manifest where day = :day)
    from raw.orders where event_time >= :day and event_time < date(:day, '+1 day')
"""


@dg.asset_check(asset=raw_orders)
def as_declared(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse
) -> dg.AssetCheckResult:
    """Pass if the table holds as many orders of the day as its manifest declares."""
    day = {"day": context.partition_key}
    counted, declared = warehouse.open().execute(AS_DECLARED, day).fetchone()
    return dg.AssetCheckResult(
        passed=counted == declared,
        metadata={"counted": counted, "declared": str(declared)},
    )


# --8<-- [end:bug]
not_blocking = as_declared

# --8<-- [start:fix]
AS_DECLARED = """
    select count(*), (select orders from raw.manifest where day = :day)
    from raw.orders where event_time >= :day and event_time < date(:day, '+1 day')
"""


@dg.asset_check(asset=raw_orders, blocking=True)
def as_declared(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse
) -> dg.AssetCheckResult:
    """Pass if the table holds as many orders of the day as its manifest declares."""
    day = {"day": context.partition_key}
    counted, declared = warehouse.open().execute(AS_DECLARED, day).fetchone()
    return dg.AssetCheckResult(
        passed=counted == declared,
        metadata={"counted": counted, "declared": str(declared)},
    )


# --8<-- [end:fix]
CHECKS = {"as written": [], "check": [not_blocking], "blocking check": [as_declared]}


class Night(NamedTuple):
    """What the shop declared for a day, and the orders in the files that came."""

    declared: int | None
    orders: list[tuple[str, int]]
    day: str = "2026-03-13"


FRIDAY = [(f"2026-03-13 1{n}:00", 100) for n in range(10)]
THURSDAY = [(f"2026-03-12 1{n}:00", 100) for n in range(10)]
NIGHTS = {
    "10 orders": Night(10, FRIDAY),
    "files moved": Night(None, []),  # the manifest moved with them
    "half lost": Night(10, FRIDAY[::2]),
    "old file": Night(10, THURSDAY),
    "bank holiday": Night(0, []),
    "Sunday": Night(None, [], "2026-03-15"),
}
SCHEMA = """
    drop table if exists raw.orders;
    drop table if exists raw.manifest;
    create table raw.orders (event_time, eur);
    create table raw.manifest (day, orders);
"""


def deliver(night: Night) -> None:
    """Empty the warehouse but for Thursday; put the night's files and its manifest in place."""
    with WAREHOUSE.open() as warehouse:
        warehouse.executescript(SCHEMA)
        warehouse.executemany("insert into raw.orders values (?, ?)", THURSDAY)
        if night.declared is not None:
            row = (night.day, night.declared)
            warehouse.execute("insert into raw.manifest values (?, ?)", row)
    EXPORT.mkdir(exist_ok=True)
    for file in EXPORT.iterdir():
        file.unlink()
    if night.orders:
        with (EXPORT / "orders.csv").open("w") as file:
            csv.writer(file).writerows(night.orders)


WAREHOUSE = Warehouse(path=str(Path.home() / "raw.db"))
defs = dg.Definitions(  # what `dagster dev -f` shows
    assets=[raw_orders, fct_revenue_daily],
    asset_checks=[as_declared],
    resources={"warehouse": WAREHOUSE},
)


def run_night(
    checks: list[dg.AssetChecksDefinition],
    night: str,
    instance: dg.DagsterInstance | None = None,
    selection: list[str] | None = None,
) -> tuple[str, list[str]]:
    """Run one night; return the run's status and what it materialized."""
    deliver(NIGHTS[night])
    try:
        run = dg.materialize(
            [raw_orders, fct_revenue_daily, *checks],
            partition_key=NIGHTS[night].day,
            resources={"warehouse": WAREHOUSE},
            instance=instance,
            selection=selection,
            raise_on_error=False,
        )
    except dg.DagsterUnknownPartitionError:
        return "no run", []
    events = run.get_asset_materialization_events()
    assets = [event.asset_key.to_user_string() for event in events]
    return run.dagster_run.status.value, assets


if __name__ == "__main__":
    for name, checks in CHECKS.items():
        print(name)
        for night in NIGHTS:
            status, assets = run_night(checks, night)
            materialized = ", ".join(assets) or "nothing materialized"
            print(f"  {night:<14}{status:<9}{materialized}")
