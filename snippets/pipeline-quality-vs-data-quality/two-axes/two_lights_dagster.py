"""Dagster tells run and check apart, as long as the check has a run of its own."""

from datetime import timedelta
from pathlib import Path
from sqlite3 import Connection, connect

import dagster as dg


class Night(dg.Config):
    """What was done to the night."""

    eur: int = 100  # an order, in the export's column of euros
    report_lost: bool = False


NIGHTS = {"report lost": Night(report_lost=True), "swapped": Night(eur=109)}


# --8<-- [start:tasks]
class Warehouse(dg.ConfigurableResource):
    """The warehouse, here a SQLite file."""

    path: str

    def open(self) -> Connection:
        """Open it, for one answer or one transaction."""
        return connect(self.path)


class Due(dg.ConfigurableResource):
    """The day that a run is about; who starts one in the UI is asked for it."""

    day: str


def day_before(context: dg.ScheduleEvaluationContext) -> dict:
    """Set the day for a run that a schedule starts."""
    day = context.scheduled_execution_time.date() - timedelta(days=1)
    return {"resources": {"due": {"config": {"day": f"{day}"}}}}


AGREES = """
    select (select count(*) from orders where day = :day)
         = (select orders from ledger where day = :day)
       and (select coalesce(sum(eur), 0) from fct_revenue_daily where day = :day)
         = (select eur from ledger where day = :day)
"""


@dg.asset_check(asset="raw_orders")
def as_in_ledger(warehouse: Warehouse, due: Due) -> dg.AssetCheckResult:
    """Pass if the table agrees with the shop's ledger in orders and euros."""
    (agrees,) = warehouse.open().execute(AGREES, {"day": due.day}).fetchone()
    return dg.AssetCheckResult(passed=bool(agrees))


# --8<-- [end:tasks]
@dg.asset
def raw_orders(config: Night, warehouse: Warehouse, due: Due) -> None:
    """Replace the day and commit; the report on it may be lost."""
    with warehouse.open() as transaction:
        transaction.execute("delete from orders where day = ?", [due.day])
        transaction.executemany("insert into orders values (?, ?)", [(due.day, config.eur)] * 10)
    if config.report_lost:
        raise ConnectionResetError("connection reset by peer")


# --8<-- [start:bug]
nightly = dg.define_asset_job("nightly", dg.AssetSelection.assets(raw_orders))
SCHEDULES = [
    dg.ScheduleDefinition(job=nightly, cron_schedule="12 3 * * *", run_config_fn=day_before),
]
# --8<-- [end:bug]
# --8<-- [start:fix]
CHECK = dg.AssetSelection.checks(as_in_ledger)
revenue = dg.define_asset_job("revenue", dg.AssetSelection.assets(raw_orders) - CHECK)
revenue_is_right = dg.define_asset_job("revenue_is_right", CHECK)
SCHEDULES = [
    dg.ScheduleDefinition(job=revenue, cron_schedule="12 3 * * *", run_config_fn=day_before),
    dg.ScheduleDefinition(
        job=revenue_is_right, cron_schedule="0 6 * * *", run_config_fn=day_before
    ),
]
# --8<-- [end:fix]
WAREHOUSE = Warehouse(path=str(Path.home() / "warehouse.db"))
DEFINITIONS = dg.Definitions(
    assets=[raw_orders],
    asset_checks=[as_in_ledger],
    jobs=[nightly],
    schedules=SCHEDULES,
    resources={"warehouse": WAREHOUSE, "due": Due.configure_at_launch()},
)
THURSDAY = "2026-01-22"
SCHEMA = """
    drop view if exists fct_revenue_daily;
    drop table if exists orders;
    drop table if exists ledger;
    create table orders (day, eur);
    create view fct_revenue_daily as select day, sum(eur) as eur from orders group by day;
    create table ledger (day, orders, eur);
"""


def prepare(orders: int = 10, eur: int = 1000) -> None:
    """Empty the warehouse, and enter Thursday into the ledger."""
    with WAREHOUSE.open() as warehouse:
        warehouse.executescript(SCHEMA)
        warehouse.execute("insert into ledger values (?, ?, ?)", [THURSDAY, orders, eur])


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
        run_config=dg.RunConfig(
            {"raw_orders": night} if night else None, resources={"due": Due(day=THURSDAY)}
        ),
        raise_on_error=False,
    )


def status(result: dg.ExecuteInProcessResult) -> str:
    """Return the run's status: the pipeline's light."""
    return result.dagster_run.status.value


def verdict(result: dg.ExecuteInProcessResult) -> str:
    """Return the check's result, if there is one: the data's light."""
    found = [check.passed for check in result.get_asset_check_evaluations()]
    return "none" if not found else "passed" if found[0] else "failed"


if __name__ == "__main__":
    prepare()
    for title, run_night in {"one job": run_in_one, "two jobs": run_apart}.items():
        print(f"{title:<15}run      check")
        for night in NIGHTS:
            print("  {:<13}{:<9}{}".format(night, *run_night(night)))
