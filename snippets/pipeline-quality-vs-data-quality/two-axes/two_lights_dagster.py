"""Dagster tells run and check apart, as long as the check has a run of its own."""

from pathlib import Path
from sqlite3 import Connection, connect

import dagster as dg


class Night(dg.Config):
    """What was done to the night."""

    eur: int = 100  # an order, in the export's column of euros
    report_lost: bool = False


NIGHTS = {"report lost": Night(report_lost=True), "swapped": Night(eur=109)}


# --8<-- [start:tasks]
DAY = "2026-01-22"  # yesterday, in a real check
AGREES = """
    select found.orders = ledger.orders and found.eur = ledger.eur
    from (
        select count(*) as orders, sum(eur) as eur from orders where day = ?
    ) as found
    left join ledger on ledger.day = ?
"""


@dg.asset_check(asset="raw_orders")
def as_in_ledger() -> dg.AssetCheckResult:
    """Pass if the table agrees with the shop's ledger in orders and euros."""
    (agrees,) = open_warehouse().execute(AGREES, [DAY, DAY]).fetchone()
    return dg.AssetCheckResult(passed=bool(agrees))


# --8<-- [end:tasks]
# --8<-- [start:load]
@dg.asset
def raw_orders(config: Night) -> None:
    """Replace the day and commit; the report on it may be lost."""
    with open_warehouse() as warehouse:
        warehouse.execute("delete from orders where day = ?", [DAY])
        warehouse.executemany("insert into orders values (?, ?)", [(DAY, config.eur)] * 10)
    if config.report_lost:
        raise ConnectionResetError("connection reset by peer")


# --8<-- [end:load]
# --8<-- [start:bug]
nightly = dg.define_asset_job("nightly", dg.AssetSelection.assets(raw_orders))
SCHEDULES = [dg.ScheduleDefinition(job=nightly, cron_schedule="12 3 * * *")]
# --8<-- [end:bug]
# --8<-- [start:fix]
CHECK = dg.AssetSelection.checks(as_in_ledger)
revenue = dg.define_asset_job("revenue", dg.AssetSelection.assets(raw_orders) - CHECK)
revenue_is_right = dg.define_asset_job("revenue_is_right", CHECK)
SCHEDULES = [
    dg.ScheduleDefinition(job=revenue, cron_schedule="12 3 * * *"),
    dg.ScheduleDefinition(job=revenue_is_right, cron_schedule="0 6 * * *"),
]
# --8<-- [end:fix]
DEFINITIONS = dg.Definitions(
    assets=[raw_orders],
    asset_checks=[as_in_ledger],
    jobs=[nightly],
    schedules=SCHEDULES,
)


def run_in_one(night: str) -> tuple[str, str]:
    """Load and check in one run, and return the run's status and the check's result."""
    both = run("nightly", NIGHTS[night])
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
    """Open the warehouse, which outlives every run, with Thursday in its ledger."""
    warehouse = connect(Path.home() / "warehouse.db")
    warehouse.execute("create table if not exists orders (day, eur)")
    warehouse.execute("create table if not exists ledger (day primary key, orders, eur)")
    warehouse.execute("insert or ignore into ledger values ('2026-01-22', 10, 1000)")
    warehouse.commit()
    return warehouse


if __name__ == "__main__":
    for title, run_night in {"one job": run_in_one, "two jobs": run_apart}.items():
        print(f"{title:<15}run      check")
        for night in NIGHTS:
            print("  {:<13}{:<9}{}".format(night, *run_night(night)))
