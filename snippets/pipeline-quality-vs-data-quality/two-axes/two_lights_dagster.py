"""Dagster tells run and check apart, as long as the check has a run of its own."""

from pathlib import Path
from sqlite3 import Connection, connect

import dagster as dg

DAY = "2026-03-13"
LEDGER = (10, 1000)  # the day's orders and EUR, from the shop's ledger


class Night(dg.Config):
    """What was done to the night."""

    eur: int = 100  # an order, in the export's column of EUR
    report_lost: bool = False


NIGHTS = {"report lost": Night(report_lost=True), "EUR/USD swapped": Night(eur=109)}


@dg.asset
def raw_orders(config: Night) -> None:
    """Replace the day and commit; the report on it may be lost."""
    with open_warehouse() as warehouse:
        warehouse.execute("delete from orders where day = ?", [DAY])
        orders = [(DAY, config.eur)] * 10
        warehouse.executemany("insert into orders values (?, ?)", orders)
    if config.report_lost:
        raise ConnectionResetError("connection reset by peer")


@dg.asset_check(asset=raw_orders)
def as_in_ledger() -> dg.AssetCheckResult:
    """Pass if the table agrees with the ledger."""
    query = "select count(*), sum(eur) from orders where day = ?"
    found = open_warehouse().execute(query, [DAY]).fetchone()
    return dg.AssetCheckResult(passed=found == LEDGER)


# --8<-- [start:fix]
CHECK = dg.AssetSelection.checks(as_in_ledger)
LOAD = dg.AssetSelection.all() - CHECK


def run_apart(night: str) -> tuple[str, str]:
    """Give the check a run of its own, which no failed load can cancel."""
    return status(run(LOAD, NIGHTS[night])), verdict(run(CHECK))


# --8<-- [end:fix]
# --8<-- [start:bug]
def run_in_one(night: str) -> tuple[str, str]:
    """Load and check in one run, as selecting the asset does."""
    both = run(dg.AssetSelection.all(), NIGHTS[night])
    return status(both), verdict(both)


# --8<-- [end:bug]
def run(selection: dg.AssetSelection, night: Night | None = None) -> dg.ExecuteInProcessResult:
    """Run what is selected, with the night's config where the load is part of it."""
    return dg.materialize(
        [raw_orders, as_in_ledger],
        selection=selection,
        run_config=dg.RunConfig({"raw_orders": night}) if night else None,
        raise_on_error=False,
    )


def status(result: dg.ExecuteInProcessResult) -> str:
    """Return the run's status: the pipeline's light."""
    return result.dagster_run.status.value


def verdict(result: dg.ExecuteInProcessResult) -> str:
    """Return the check's result, if there is one: the data's light."""
    found = [check.passed for check in result.get_asset_check_evaluations()]
    return "none" if not found else "passed" if found[0] else "failed"


def open_warehouse() -> Connection:
    """Open the warehouse, which outlives every run."""
    warehouse = connect(Path.home() / "warehouse.db")
    warehouse.execute("create table if not exists orders (day, eur)")
    return warehouse


if __name__ == "__main__":
    for run_night in (run_in_one, run_apart):
        print(f"{run_night.__name__:<19}load     check")
        for night in NIGHTS:
            print("  {:<17}{:<9}{}".format(night, *run_night(night)))
