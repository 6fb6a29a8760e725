"""A check after the load makes one light of two; a Dag of its own keeps both."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
from airflow.providers.common.sql.operators.sql import SQLCheckOperator
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import (
    DAG,
    Asset,
    AsyncCallback,
    DeadlineAlert,
    DeadlineReference,
    dag,
    task,
)

from testbed.postgres import running

FRIDAY = datetime(2026, 1, 23, 3, 12, tzinfo=UTC)
NIGHTS = {
    "report lost": {"report_lost": True},
    "swapped": {"eur": 109},
}


@task(outlets=[Asset("raw_orders")])
def load_orders(day: str, params: dict) -> None:
    """Replace the day and commit; the report on it may be lost."""
    orders = [(day, params.get("eur", 100))] * 10
    with PostgresHook("warehouse").get_conn() as warehouse, warehouse.cursor() as cursor:
        cursor.execute("delete from raw.orders where day = %s", [day])
        cursor.executemany("insert into raw.orders values (%s, %s)", orders)
    if params.get("report_lost"):
        raise ConnectionResetError("connection reset by peer")


# --8<-- [start:tasks]
YESTERDAY = "{{ macros.ds_add(ds, -1) }}"
AGREES = f"""
    select (select count(*) from raw.orders where day = '{YESTERDAY}')
         = (select orders from raw.ledger where day = '{YESTERDAY}')
       and (select coalesce(sum(eur), 0) from fct_revenue_daily where day = '{YESTERDAY}')
         = (select eur from raw.ledger where day = '{YESTERDAY}')
"""
# --8<-- [end:tasks]


# --8<-- [start:bug]
@dag(schedule="12 3 * * *")
def nightly() -> None:
    """Load the day before, and ask the table."""
    load_orders(YESTERDAY) >> SQLCheckOperator(
        task_id="check_revenue", conn_id="warehouse", sql=AGREES
    )


# --8<-- [end:bug]
ONE_DAG = nightly()


@dag(schedule="12 3 * * *")
def always_checked() -> None:
    """The same, and ask after a failed load too."""
    load_orders(YESTERDAY) >> SQLCheckOperator(
        task_id="check_revenue", conn_id="warehouse", sql=AGREES, trigger_rule="all_done"
    )


ALWAYS = always_checked()


# --8<-- [start:callback]
async def tell(where: str, context: dict) -> None:
    """Send the Dag and the run that have not succeeded by their hour, to the phone or a ticket."""
    run = context["dag_run"]
    text = f"{run['dag_id']} is not done: {run['dag_run_id']} is {run['state']}"
    async with httpx.AsyncClient() as client:
        answer = await client.post(os.environ[f"ONCALL_{where}"], json={"text": text})
    answer.raise_for_status()


# --8<-- [end:callback]
# --8<-- [start:due]
def due(minutes: int, where: str) -> DeadlineAlert:
    """Tell unless a run has succeeded so many minutes after its logical date."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
        interval=timedelta(minutes=minutes),
        callback=AsyncCallback("oncall.tell", kwargs={"where": where}),
    )


# --8<-- [end:due]
# --8<-- [start:fix]
@dag(schedule="12 3 * * *", deadline=due(18, "TICKET"))  # 03:12 + 18 min
def revenue() -> None:
    """Load the day before."""
    load_orders(YESTERDAY)


@dag(schedule="0 6 * * *", deadline=due(10, "PHONE"))  # 06:00 + 10 min
def revenue_is_right() -> None:
    """Ask the table."""
    SQLCheckOperator(task_id="check_revenue", conn_id="warehouse", sql=AGREES)


# --8<-- [end:fix]
TWO_DAGS = [revenue(), revenue_is_right()]

SCHEMA = """
    create schema raw;
    create table raw.orders (day date, eur integer);
    create view fct_revenue_daily as select day, sum(eur) as eur from raw.orders group by day;
    create table raw.ledger (day date, orders integer, eur integer);
    insert into raw.ledger values ('2026-01-22', 10, 1000);
"""


@contextmanager
def warehouse() -> Iterator[None]:
    """Run a PostgreSQL that the connection `warehouse` leads to, with Thursday in its ledger."""
    with running() as server:
        connection = {"conn_type": "postgres", "host": str(server.home)}
        connection |= {"login": "airflow", "schema": "postgres"}
        os.environ["AIRFLOW_CONN_WAREHOUSE"] = json.dumps(connection)
        PostgresHook("warehouse").run(SCHEMA)
        yield


def run_in_one(pipeline: DAG, night: str) -> tuple[str, str, str]:
    """Run load and check together; return their states and the run's."""
    run = pipeline.test(logical_date=FRIDAY, run_conf=NIGHTS[night])
    load = run.get_task_instance("load_orders")
    check = run.get_task_instance("check_revenue")
    return load.state, check.state, run.state


def run_apart(night: str) -> tuple[str, str]:
    """Run the load, then the check, and return the states of both runs."""
    load, check = revenue(), revenue_is_right()
    # Dag.test() of 3.3.2 breaks on a deadline once the run has succeeded; a test holds both.
    load.deadline = check.deadline = None
    loaded = load.test(logical_date=FRIDAY, run_conf=NIGHTS[night])
    return loaded.state, check.test(logical_date=FRIDAY.replace(hour=6, minute=0)).state


if __name__ == "__main__":
    with warehouse():
        print(f"{'one Dag':<15}load     check            run")
        for night in NIGHTS:
            print("  {:<13}{:<9}{:<17}{}".format(night, *run_in_one(ONE_DAG, night)))
        print(f"{'two Dags':<15}revenue  revenue_is_right")
        for night in NIGHTS:
            print("  {:<13}{:<9}{}".format(night, *run_apart(night)))
