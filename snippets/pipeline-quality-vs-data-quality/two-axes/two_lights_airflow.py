"""A check after the load makes one light of two; a Dag of its own keeps both."""

from pathlib import Path
from sqlite3 import Connection, connect

from airflow.sdk import DAG, Asset, dag, task

DAY = "2026-03-13"
LEDGER = (10, 1000)  # the day's orders and EUR, from the shop's ledger
AS_USUAL = {"eur": 100, "report_lost": False}
NIGHTS = {
    "report lost": {"eur": 100, "report_lost": True},
    "EUR/USD swapped": {"eur": 109, "report_lost": False},
}


@task(outlets=[Asset("raw_orders")])
def load_orders(params: dict) -> None:
    """Replace the day and commit; the report on it may be lost."""
    with open_warehouse() as warehouse:
        warehouse.execute("delete from orders where day = ?", [DAY])
        orders = [(DAY, params["eur"])] * 10
        warehouse.executemany("insert into orders values (?, ?)", orders)
    if params["report_lost"]:
        raise ConnectionResetError("connection reset by peer")


@task
def check_revenue() -> None:
    """Fail unless the table agrees with the ledger."""
    query = "select count(*), sum(eur) from orders where day = ?"
    found = open_warehouse().execute(query, [DAY]).fetchone()
    if found != LEDGER:
        raise ValueError(f"{found} in the table, {LEDGER} in the ledger")


# --8<-- [start:bug]
@dag(schedule="12 3 * * *", params=AS_USUAL)
def checked_after() -> None:
    """Check at the end of the load's own run."""
    load_orders() >> check_revenue()


@dag(schedule="12 3 * * *", params=AS_USUAL)
def checked_always() -> None:
    """The same, and check whatever became of the load."""
    load_orders() >> check_revenue.override(trigger_rule="all_done")()


# --8<-- [end:bug]
# --8<-- [start:fix]
@dag(schedule="12 3 * * *", params=AS_USUAL)
def revenue() -> None:
    """The pipeline's light is the state of this Dag's runs."""
    load_orders()


@dag(schedule="0 6 * * *")
def revenue_is_right() -> None:
    """The data's light is the state of this Dag's runs, by the clock."""
    check_revenue()


# --8<-- [end:fix]
ONE_DAG = [checked_after(), checked_always()]
TWO_DAGS = [revenue(), revenue_is_right()]


def open_warehouse() -> Connection:
    """Open the warehouse, which outlives every run."""
    warehouse = connect(Path.home() / "warehouse.db")
    warehouse.execute("create table if not exists orders (day, eur)")
    return warehouse


def run_in_one(pipeline: DAG, night: str) -> tuple[str, str, str]:
    """Run load and check together; return their states and the run's."""
    run = pipeline.test(logical_date=None, run_conf=NIGHTS[night])
    load = run.get_task_instance("load_orders")
    check = run.get_task_instance("check_revenue")
    return load.state, check.state, run.state


def run_apart(night: str) -> tuple[str, str]:
    """Run the load, then the check, and return the states of both runs."""
    load, check = TWO_DAGS
    loaded = load.test(logical_date=None, run_conf=NIGHTS[night])
    return loaded.state, check.test(logical_date=None).state


if __name__ == "__main__":
    for pipeline in ONE_DAG:
        print(f"{pipeline.dag_id:<19}load     check            run")
        for night in NIGHTS:
            row = run_in_one(pipeline, night)
            print("  {:<17}{:<9}{:<17}{}".format(night, *row))
    print(f"{'two Dags':<19}revenue  revenue_is_right")
    for night in NIGHTS:
        print("  {:<17}{:<9}{}".format(night, *run_apart(night)))
