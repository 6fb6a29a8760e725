"""A check inside a flow shares the flow's state; in its own flow it has its own."""

from pathlib import Path
from sqlite3 import Connection, connect

from prefect import State, flow, task

DAY = "2026-03-13"
LEDGER = (10, 1000)  # the day's orders and EUR, from the shop's ledger
NIGHTS = {
    "report lost": {"eur": 100, "report_lost": True},
    "EUR/USD swapped": {"eur": 109, "report_lost": False},
}


@task
def load_orders(eur: int, report_lost: bool) -> None:
    """Replace the day and commit; the report on it may be lost."""
    with open_warehouse() as warehouse:
        warehouse.execute("delete from orders where day = ?", [DAY])
        warehouse.executemany("insert into orders values (?, ?)", [(DAY, eur)] * 10)
    if report_lost:
        raise ConnectionResetError("connection reset by peer")


@task
def check_revenue() -> None:
    """Raise unless the table agrees with the ledger."""
    query = "select count(*), sum(eur) from orders where day = ?"
    found = open_warehouse().execute(query, [DAY]).fetchone()
    if found != LEDGER:
        raise ValueError(f"{found} in the table, {LEDGER} in the ledger")


# --8<-- [start:bug]
@flow
def checked_revenue(eur: int, report_lost: bool) -> None:
    """Load, then check, and let whatever raises be the flow's state."""
    load_orders(eur, report_lost)
    check_revenue()


# --8<-- [end:bug]
# --8<-- [start:fix]
@flow
def revenue(eur: int, report_lost: bool) -> None:
    """The pipeline's light is the state of this flow's runs."""
    load_orders(eur, report_lost)


@flow
def revenue_is_right() -> None:
    """The data's light is the state of this flow's runs, by the clock."""
    check_revenue()


# --8<-- [end:fix]
def open_warehouse() -> Connection:
    """Open the warehouse, which outlives every run."""
    warehouse = connect(Path.home() / "warehouse.db")
    warehouse.execute("create table if not exists orders (day, eur)")
    return warehouse


def run_in_one(night: str) -> str:
    """Load and check in one flow run, and return its state."""
    return checked_revenue(**NIGHTS[night], return_state=True).type.value


def run_apart(night: str) -> tuple[str, str]:
    """Run the load, then the check, and return the states of both flow runs."""
    load: State = revenue(**NIGHTS[night], return_state=True)
    return load.type.value, revenue_is_right(return_state=True).type.value


if __name__ == "__main__":
    print("checked_revenue    flow run")
    for night in NIGHTS:
        print(f"  {night:<17}{run_in_one(night)}")
    print("two flows          revenue    revenue_is_right")
    for night in NIGHTS:
        print("  {:<17}{:<11}{}".format(night, *run_apart(night)))
