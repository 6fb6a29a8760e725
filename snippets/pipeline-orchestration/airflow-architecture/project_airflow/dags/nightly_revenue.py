"""Loads the orders of the day before at 03:12, and adds them up."""

# --8<-- [start:imports]
import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference, Variable, dag, task
from alerts import page_on_call
from warehouse import WarehouseHook, WarehouseOperator

DAY = "{{ macros.ds_add(ds, -1) }}"  # the run of the 14th is about the 13th
FILES = 11
# --8<-- [end:imports]


# --8<-- [start:load]
@task
def load_orders(day: str) -> int:
    """Put the day's orders in the place of what was there of that day."""
    files = sorted(Path(Variable.get("export_folder"), day).glob("*.csv"))
    if len(files) != FILES:
        raise FileNotFoundError(f"{len(files)} of {FILES} files for {day}")
    orders = [[*row, day] for file in files for row in csv.reader(file.open())]
    with WarehouseHook().transaction() as connection:
        connection.execute("delete from raw_orders where day = ?", [day])
        connection.executemany("insert into raw_orders values (?, ?, ?, ?, ?)", orders)
    return len(orders)


# --8<-- [end:load]
# --8<-- [start:sql]
CLEAN = [
    "delete from stg_orders where day = :day",
    """insert into stg_orders
       select order_id, customer_id, eur, day from raw_orders where day = :day""",
]
ADD_UP = [
    "delete from fct_revenue_daily where day = :day",
    """insert into fct_revenue_daily
       select :day, count(*), coalesce(sum(eur), 0) from stg_orders where day = :day""",
]
# --8<-- [end:sql]


# --8<-- [start:dag]
@dag(
    schedule="12 3 * * *",
    start_date=datetime(2026, 1, 10, tzinfo=UTC),
    end_date=datetime(2026, 1, 15, tzinfo=UTC),  # the lesson's last night; yours has none
    catchup=True,  # make up for nights on which no scheduler ran
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
    deadline=DeadlineAlert(
        reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
        interval=timedelta(hours=1),
        callback=AsyncCallback(page_on_call),
    ),
)
def nightly_revenue() -> None:
    """Load, clean, add up."""
    loaded = load_orders(DAY)
    clean = WarehouseOperator(task_id="stg_orders", statements=CLEAN, day=DAY)
    add_up = WarehouseOperator(task_id="fct_revenue_daily", statements=ADD_UP, day=DAY)
    loaded >> clean >> add_up


nightly_revenue()
# --8<-- [end:dag]
