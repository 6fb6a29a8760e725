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


# --8<-- [start:bug]
checked_revenue = dg.define_asset_job("checked_revenue", dg.AssetSelection.all())

# --8<-- [end:bug]
# --8<-- [start:fix]
CHECK = dg.AssetSelection.checks(as_in_ledger)
revenue = dg.define_asset_job("revenue", dg.AssetSelection.all() - CHECK)
revenue_is_right = dg.define_asset_job("revenue_is_right", CHECK)
SCHEDULES = [
    dg.ScheduleDefinition(job=revenue, cron_schedule="12 3 * * *"),
    dg.ScheduleDefinition(job=revenue_is_right, cron_schedule="0 6 * * *"),
]
# --8<-- [end:fix]
DEFINITIONS = dg.Definitions(
    assets=[raw_orders],
    asset_checks=[as_in_ledger],
    jobs=[checked_revenue],
    schedules=SCHEDULES,
)


def run_in_one(night: str) -> tuple[str, str]:
    """Load and check in one run, and return the run's status and the check's result."""
    both = run("checked_revenue", NIGHTS[night])
    return status(both), verdict(both)


def run_apart(night: str) -> tuple[str, str]:
    """Run the load, then the check, and return what each of the two says."""
    return status(run("revenue", NIGHTS[night])), verdict(run("revenue_is_right"))


def run(job: str, night: Night | None = None) -> dg.ExecuteInProcessResult:
    """Run a job, with the night's config where the load is part of it."""
    return DEFINITIONS.resolve_job_def(job).execute_in_process(
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
    for title, run_night in {"one job": run_in_one, "two jobs": run_apart}.items():
        print(f"{title:<19}run      check")
        for night in NIGHTS:
            print("  {:<17}{:<9}{}".format(night, *run_night(night)))
