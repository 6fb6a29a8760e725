"""Prefect completes a load of no files, until a task asks the table."""

import csv
from datetime import date
from pathlib import Path
from sqlite3 import Connection, connect
from typing import NamedTuple

from prefect import Flow, State, flow, task
from prefect.states import Completed

EXPORT = Path.home() / "export"


# --8<-- [start:warehouse]
def open_warehouse() -> Connection:
    """Open the warehouse, here a SQLite file, with its schema raw."""
    warehouse = connect(":memory:")
    warehouse.execute("attach ? as raw", [str(Path.home() / "raw.db")])
    return warehouse


# --8<-- [end:warehouse]
# --8<-- [start:load]
@task
def load_orders() -> None:
    """Append every order of every file in the export folder to raw.orders."""
    with open_warehouse() as warehouse:
        for file in EXPORT.glob("*.csv"):
            orders = csv.reader(file.read_text().splitlines())
            warehouse.executemany("insert into raw.orders values (?, ?)", orders)


@task
def publish_revenue(day: date) -> str:
    """Return the day's revenue, the figure on the CFO dashboard."""
    query = "select coalesce(sum(eur), 0) from raw.orders where date(event_time) = ?"
    (revenue,) = open_warehouse().execute(query, [f"{day}"]).fetchone()
    return f"EUR {revenue}.00"


# --8<-- [end:load]
# --8<-- [start:bug]
@flow
def nightly(day: date) -> str:
    """Load the day, and publish its revenue."""
    load_orders()
    return publish_revenue(day)


# --8<-- [end:bug]
as_written = nightly

# --8<-- [start:fix]
AS_DECLARED = """
    select count(*), (select orders from raw.manifest where day = :day)
    from raw.orders where event_time >= :day and event_time < date(:day, '+1 day')
"""


@task
def check_declared(day: date) -> None:
    """Raise unless the table holds as many orders of the day as its manifest declares."""
    found = open_warehouse().execute(AS_DECLARED, {"day": f"{day}"})
    counted, declared = found.fetchone()
    if counted != declared:
        raise ValueError(f"{counted} in the table, {declared} declared")


@flow
def nightly(day: date) -> str | State:
    """Load the day, ask the table, and publish its revenue."""
    if day.isoweekday() == 7:
        return Completed(name="Skipped", message="no delivery on Sundays")
    load_orders()
    check_declared(day)
    return publish_revenue(day)


# --8<-- [end:fix]
asserted = nightly


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
    drop table if exists raw.orders;
    drop table if exists raw.manifest;
    create table raw.orders (event_time, eur);
    create table raw.manifest (day, orders);
"""


def deliver(night: Night) -> None:
    """Empty the warehouse but for Thursday; put the night's files and its manifest in place."""
    with open_warehouse() as warehouse:
        warehouse.executescript(SCHEMA)
        warehouse.executemany("insert into raw.orders values (?, ?)", THURSDAY)
        if night.declared is not None:
            row = (f"{night.day}", night.declared)
            warehouse.execute("insert into raw.manifest values (?, ?)", row)
    EXPORT.mkdir(exist_ok=True)
    for file in EXPORT.iterdir():
        file.unlink()
    if night.orders:
        with (EXPORT / "orders.csv").open("w") as file:
            csv.writer(file).writerows(night.orders)


def run_night(pipeline: Flow, night: str) -> tuple[str, str, str]:
    """Run one night; return its state's type and name, and what came of it."""
    deliver(NIGHTS[night])
    state = pipeline(NIGHTS[night].day, return_state=True)
    ended = state.message or state.result()
    return state.type.value, state.name, ended.rpartition(": ")[2]


if __name__ == "__main__":
    for title, pipeline in {"as written": as_written, "asserted": asserted}.items():
        print(title)
        for night in NIGHTS:
            print("  {:<14}{:<11}{:<11}{}".format(night, *run_night(pipeline, night)))
