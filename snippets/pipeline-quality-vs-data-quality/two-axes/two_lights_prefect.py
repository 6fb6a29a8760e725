"""A check inside a flow shares the flow's state; in its own flow it has its own."""

from pathlib import Path
from sqlite3 import Connection, connect

from prefect import State, flow, task
from prefect.deployments.runner import RunnerDeployment

NIGHTS = {
    "report lost": {"eur": 100, "report_lost": True},
    "swapped": {"eur": 109, "report_lost": False},
}


# --8<-- [start:tasks]
DAY = "2026-01-22"  # yesterday, in a real check
AGREES = """
    select found.orders = ledger.orders and found.eur = ledger.eur
    from (
        select count(*) as orders, sum(eur) as eur from orders where day = ?
    ) as found
    left join ledger on ledger.day = ?
"""


@task
def check_revenue() -> None:
    """Raise unless the table agrees with the shop's ledger in orders and euros."""
    (agrees,) = open_warehouse().execute(AGREES, [DAY, DAY]).fetchone()
    if not agrees:
        raise ValueError(f"{DAY}: the table is not what the ledger says")


# --8<-- [end:tasks]
# --8<-- [start:load]
@task
def load_orders(eur: int, report_lost: bool) -> None:
    """Replace the day and commit; the report on it may be lost."""
    with open_warehouse() as warehouse:
        warehouse.execute("delete from orders where day = ?", [DAY])
        warehouse.executemany("insert into orders values (?, ?)", [(DAY, eur)] * 10)
    if report_lost:
        raise ConnectionResetError("connection reset by peer")


# --8<-- [end:load]
# --8<-- [start:bug]
@flow
def revenue(eur: int = 100, report_lost: bool = False) -> None:
    """Load the day before, and ask the table."""
    load_orders(eur, report_lost)
    check_revenue()


# --8<-- [end:bug]
revenue_and_check = revenue


# --8<-- [start:fix]
@flow
def revenue(eur: int = 100, report_lost: bool = False) -> None:
    """Load the day before: the pipeline's light."""
    load_orders(eur, report_lost)


@flow
def revenue_is_right() -> None:
    """Ask the table: the data's light."""
    check_revenue()


def deployments() -> list[RunnerDeployment]:
    """Give each flow its hour; `serve(*deployments())` keeps them."""
    return [
        revenue.to_deployment("nightly", cron="12 3 * * *"),
        revenue_is_right.to_deployment("at-six", cron="0 6 * * *"),
    ]


# --8<-- [end:fix]
def open_warehouse() -> Connection:
    """Open the warehouse, which outlives every run, with Thursday in its ledger."""
    warehouse = connect(Path.home() / "warehouse.db")
    warehouse.execute("create table if not exists orders (day, eur)")
    warehouse.execute("create table if not exists ledger (day primary key, orders, eur)")
    warehouse.execute("insert or ignore into ledger values ('2026-01-22', 10, 1000)")
    warehouse.commit()
    return warehouse


def run_in_one(night: str) -> str:
    """Load and check in one flow run, and return its state."""
    return revenue_and_check(**NIGHTS[night], return_state=True).type.value


def run_apart(night: str) -> tuple[str, str]:
    """Run the load, then the check, and return the states of both flow runs."""
    load: State = revenue(**NIGHTS[night], return_state=True)
    return load.type.value, revenue_is_right(return_state=True).type.value


if __name__ == "__main__":
    print("one flow       revenue")
    for night in NIGHTS:
        print(f"  {night:<13}{run_in_one(night)}")
    print("two flows      revenue    revenue_is_right")
    for night in NIGHTS:
        print("  {:<13}{:<11}{}".format(night, *run_apart(night)))
