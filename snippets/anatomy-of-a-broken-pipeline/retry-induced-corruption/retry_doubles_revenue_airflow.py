"""A retry after a commit: the Airflow run is green and the day is counted twice."""

from collections.abc import Callable
from pathlib import Path
from sqlite3 import Connection, connect

from airflow.sdk import DAG, TaskInstance, task

DAY = "2026-03-13"
ORDERS = [(DAY, 100)] * 10
THE_DAY_BEFORE = [("2026-03-12", 100)] * 10
FAULTS = ("none", "before commit", "after commit")


# --8<-- [start:bug]
@task(task_id="load_orders", retries=1)
def append_orders(params: dict, ti: TaskInstance) -> None:
    """Add the day's orders to what the table holds."""
    with open_warehouse() as warehouse:
        warehouse.executemany("insert into orders values (?, ?)", ORDERS)
        lose_connection("before commit", params, ti)
    lose_connection("after commit", params, ti)


# --8<-- [end:bug]
# --8<-- [start:fix]
@task(task_id="load_orders", retries=1)
def overwrite_orders(params: dict, ti: TaskInstance) -> None:
    """Put the day's orders in the place of that day's, in one transaction."""
    with open_warehouse() as warehouse:
        warehouse.execute("delete from orders where day = ?", [DAY])
        warehouse.executemany("insert into orders values (?, ?)", ORDERS)
        lose_connection("before commit", params, ti)
    lose_connection("after commit", params, ti)


# --8<-- [end:fix]
def lose_connection(now: str, params: dict, ti: TaskInstance) -> None:
    """Fail the first try here, if this is where the night has its fault."""
    if now == params["fault"] and ti.try_number == 1:
        raise ConnectionResetError("connection reset by peer")


def open_warehouse() -> Connection:
    """Open the warehouse, which outlives every try."""
    warehouse = connect(Path.home() / "warehouse.db")
    warehouse.execute("create table if not exists orders (day, eur)")
    return warehouse


def nightly(load: Callable) -> DAG:
    """Build the Dag of one way to load; its parameter says where a night fails."""
    with DAG(load.function.__name__, params={"fault": "none"}) as pipeline:
        load()
    return pipeline


DAGS = [nightly(append_orders), nightly(overwrite_orders)]


def run_night(pipeline: DAG, fault: str) -> tuple[str, int, str, str]:
    """Load one day; return the task's state and tries, the run's state, the figure."""
    with open_warehouse() as warehouse:
        warehouse.execute("delete from orders")
        warehouse.executemany("insert into orders values (?, ?)", THE_DAY_BEFORE)
    run = pipeline.test(logical_date=None, run_conf={"fault": fault})
    load = run.get_task_instance("load_orders")
    return load.state, load.try_number, run.state, f"EUR {revenue()}.00"


def revenue() -> int:
    """Return the day's revenue, the figure on the CFO dashboard."""
    query = "select sum(eur) from orders where day = ?"
    (eur,) = open_warehouse().execute(query, [DAY]).fetchone()
    return eur


if __name__ == "__main__":
    for pipeline in DAGS:
        print(f"{pipeline.dag_id:<19}load     try  run      figure")
        for fault in FAULTS:
            night = run_night(pipeline, fault)
            print("  {:<17}{:<9}{:<5}{:<9}{}".format(fault, *night))
