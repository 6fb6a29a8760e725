"""Airflow calls a load of no files a success, until a check of its own asks the table."""

import csv
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from airflow.providers.common.sql.operators.sql import SQLCheckOperator
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import DAG, dag, task

from testbed.postgres import running

EXPORT = Path.home() / "export"


# --8<-- [start:load]
@task
def load_orders() -> None:
    """Append every order of every file in the export folder to raw.orders."""
    for file in EXPORT.glob("*.csv"):
        with file.open() as orders:
            PostgresHook("warehouse").insert_rows("raw.orders", csv.reader(orders))


@task
def publish_revenue(day: str) -> str:
    """Return the day's revenue, the figure on the CFO dashboard."""
    query = "select coalesce(sum(eur), 0) from raw.orders where date(event_time) = %s"
    (revenue,) = PostgresHook("warehouse").get_first(query, [day])
    return f"EUR {revenue:.2f}"


# --8<-- [end:load]
# --8<-- [start:bug]
YESTERDAY = "{{ macros.ds_add(ds, -1) }}"


@dag(schedule="12 3 * * *")
def nightly() -> None:
    """Load the day before, and publish its revenue."""
    load_orders() >> publish_revenue(YESTERDAY)


# --8<-- [end:bug]
as_written = nightly()


# --8<-- [start:fix]
YESTERDAY = "{{ macros.ds_add(ds, -1) }}"
AS_DECLARED = f"""
    select count(*) = (select orders from raw.manifest where day = '{YESTERDAY}')
    from raw.orders where event_time >= '{YESTERDAY}' and event_time < date '{YESTERDAY}' + 1
"""


@task.short_circuit
def delivery_is_due(day: str) -> bool:
    """Skip what follows for a Sunday: the shop delivers nothing."""
    return date.fromisoformat(day).isoweekday() != 7


@dag(schedule="12 3 * * *")
def nightly() -> None:
    """Load the day before, ask the table, and publish its revenue."""
    as_declared = SQLCheckOperator(
        task_id="as_declared",
        conn_id="warehouse",
        sql=AS_DECLARED,
        retries=3,  # for a warehouse that does not answer
        retry_on_failure=False,  # not for one that answers no
    )
    due = delivery_is_due(YESTERDAY)
    due >> load_orders() >> as_declared >> publish_revenue(YESTERDAY)


# --8<-- [end:fix]
asserted = nightly()


class Night(NamedTuple):
    """What the shop declared for a day, and the orders in the files that came."""

    declared: int | None
    orders: list[tuple[str, int]]
    day: date = date(2026, 3, 13)


FRIDAY = [(f"2026-03-13 1{n}:00", 100) for n in range(10)]
THURSDAY = [(f"2026-03-12 1{n}:00", 100) for n in range(10)]
NIGHTS = {
    "10 orders": Night(10, FRIDAY),
    "files moved": Night(None, []),  # the manifest moved with them
    "half lost": Night(10, FRIDAY[::2]),
    "old file": Night(10, THURSDAY),
    "bank holiday": Night(0, []),
    "Sunday": Night(None, [], date(2026, 3, 15)),
}
SCHEMA = """
    drop schema if exists raw cascade;
    create schema raw;
    create table raw.orders (event_time timestamp, eur integer);
    create table raw.manifest (day date, orders integer);
"""


@contextmanager
def warehouse() -> Iterator[None]:
    """Run a PostgreSQL that the connection `warehouse` leads to."""
    with running() as server:
        connection = {"conn_type": "postgres", "host": str(server.home)}
        connection |= {"login": "airflow", "schema": "postgres"}
        os.environ["AIRFLOW_CONN_WAREHOUSE"] = json.dumps(connection)
        yield


def deliver(night: Night) -> None:
    """Empty the warehouse but for Thursday; put the night's files and its manifest in place."""
    hook = PostgresHook("warehouse")
    hook.run(SCHEMA)
    hook.insert_rows("raw.orders", THURSDAY)
    if night.declared is not None:
        hook.insert_rows("raw.manifest", [(night.day, night.declared)])
    EXPORT.mkdir(exist_ok=True)
    for file in EXPORT.iterdir():
        file.unlink()
    if night.orders:
        with (EXPORT / "orders.csv").open("w") as file:
            csv.writer(file).writerows(night.orders)


def run_night(pipeline: DAG, night: str) -> dict[str, str]:
    """Run the morning after; return the states of the tasks and of the run, and check's tries."""
    deliver(NIGHTS[night])
    run = pipeline.test(logical_date=at_0312(NIGHTS[night].day + timedelta(days=1)))
    tasks = {ti.task_id: ti for ti in run.get_task_instances()}
    check = tasks.get("as_declared")
    states = {name: str(ti.state) for name, ti in tasks.items()}
    return states | {"tries": str(check.try_number) if check else "", "run": run.state.value}


def at_0312(day: date) -> datetime:
    """Name the hour of the nightly run."""
    return datetime.combine(day, time(3, 12), tzinfo=UTC)


SHOWN = {"load_orders": 13, "as_declared": 13, "tries": 7, "publish_revenue": 17, "run": 0}

if __name__ == "__main__":
    with warehouse():
        for title, pipeline in {"as written": as_written, "asserted": asserted}.items():
            print(f"{title:<16}" + "".join(f"{name:<{width}}" for name, width in SHOWN.items()))
            for night in NIGHTS:
                states = run_night(pipeline, night)
                shown = "".join(f"{states.get(name, ''):<{SHOWN[name]}}" for name in SHOWN)
                print(f"  {night:<14}{shown}")
