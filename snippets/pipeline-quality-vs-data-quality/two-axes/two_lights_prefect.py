"""A check inside a flow shares the flow's state; in its own flow it has its own."""

from datetime import date, timedelta
from pathlib import Path
from sqlite3 import Connection, connect

from prefect import State, flow, task
from prefect.deployments.runner import RunnerDeployment
from prefect.runtime import flow_run

NIGHT = {"eur": 100, "report_lost": False}  # what is done to it; a test sets another
NIGHTS = {
    "report lost": {"eur": 100, "report_lost": True},
    "swapped": {"eur": 109, "report_lost": False},
}


# --8<-- [start:tasks]
def open_warehouse() -> Connection:
    """Open the warehouse, here a SQLite file."""
    return connect(Path.home() / "warehouse.db")


def yesterday() -> date:
    """Name the day before the one for which this run was scheduled."""
    return flow_run.scheduled_start_time.date() - timedelta(days=1)


AGREES = """
    select (select count(*) from orders where day = :day)
         = (select orders from ledger where day = :day)
       and (select coalesce(sum(eur), 0) from fct_revenue_daily where day = :day)
         = (select eur from ledger where day = :day)
"""


@task
def check_revenue(day: date) -> None:
    """Raise unless the table agrees with the shop's ledger in orders and euros."""
    (agrees,) = open_warehouse().execute(AGREES, {"day": f"{day}"}).fetchone()
    if not agrees:
        raise ValueError(f"{day}: the table is not what the ledger says")


# --8<-- [end:tasks]
@task
def load_orders(day: date) -> None:
    """Replace the day and commit; the report on it may be lost."""
    with open_warehouse() as warehouse:
        warehouse.execute("delete from orders where day = ?", [f"{day}"])
        warehouse.executemany("insert into orders values (?, ?)", [(f"{day}", NIGHT["eur"])] * 10)
    if NIGHT["report_lost"]:
        raise ConnectionResetError("connection reset by peer")


# --8<-- [start:bug]
@flow
def revenue(day: date | None = None) -> None:
    """Load the day before, and ask the table."""
    load_orders(day or yesterday())
    check_revenue(day or yesterday())


# --8<-- [end:bug]
revenue_and_check = revenue


# --8<-- [start:fix]
@flow
def revenue(day: date | None = None) -> None:
    """Load the day before: the pipeline's light."""
    load_orders(day or yesterday())


@flow
def revenue_is_right(day: date | None = None) -> None:
    """Ask the table: the data's light."""
    check_revenue(day or yesterday())


def deployments() -> list[RunnerDeployment]:
    """Give each flow its hour; `serve(*deployments())` keeps them."""
    return [
        revenue.to_deployment("nightly", cron="12 3 * * *"),
        revenue_is_right.to_deployment("at-six", cron="0 6 * * *"),
    ]


# --8<-- [end:fix]
THURSDAY = date(2026, 1, 22)
SCHEMA = """
    drop view if exists fct_revenue_daily;
    drop table if exists orders;
    drop table if exists ledger;
    create table orders (day, eur);
    create view fct_revenue_daily as select day, sum(eur) as eur from orders group by day;
    create table ledger (day, orders, eur);
"""


def prepare(day: date = THURSDAY, orders: int = 10, eur: int = 1000) -> None:
    """Empty the warehouse, and enter a day into the ledger."""
    with open_warehouse() as warehouse:
        warehouse.executescript(SCHEMA)
        warehouse.execute("insert into ledger values (?, ?, ?)", [f"{day}", orders, eur])


def run_in_one(night: str) -> str:
    """Load and check in one flow run, and return its state."""
    NIGHT.update(NIGHTS[night])
    return revenue_and_check(THURSDAY, return_state=True).type.value


def run_apart(night: str) -> tuple[str, str]:
    """Run the load, then the check, and return the states of both flow runs."""
    NIGHT.update(NIGHTS[night])
    load: State = revenue(THURSDAY, return_state=True)
    return load.type.value, revenue_is_right(THURSDAY, return_state=True).type.value


if __name__ == "__main__":
    prepare()
    print("one flow       revenue")
    for night in NIGHTS:
        print(f"  {night:<13}{run_in_one(night)}")
    print("two flows      revenue    revenue_is_right")
    for night in NIGHTS:
        print("  {:<13}{:<11}{}".format(night, *run_apart(night)))
