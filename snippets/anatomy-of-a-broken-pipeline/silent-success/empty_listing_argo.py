"""An Argo step succeeds by its exit code, so a step of its own asks the table for one."""

import csv
import subprocess
import sys
from pathlib import Path
from sqlite3 import connect
from typing import NamedTuple

from hera.workflows import DAG, CronWorkflow, ExistingVolume, script

# --8<-- [start:step]
SHARED = ExistingVolume(name="shared", claim_name="shared", mount_path="/shared")
STEP = {"image": "python:3.13-slim", "working_dir": "/shared", "volumes": [SHARED]}
NIGHT = {"night": "{{workflow.scheduledTime}}"}  # it loads the day before
# --8<-- [end:step]


# --8<-- [start:load]
@script(**STEP)
def load_orders() -> None:
    """Append every order of every file in the export folder to raw.orders."""
    import csv
    import sqlite3
    from pathlib import Path

    with sqlite3.connect(":memory:") as warehouse:
        warehouse.execute("attach 'raw.db' as raw")
        for file in Path("export").glob("*.csv"):
            orders = csv.reader(file.read_text().splitlines())
            warehouse.executemany("insert into raw.orders values (?, ?)", orders)


@script(**STEP)
def publish_revenue(night: str) -> None:
    """Print the revenue of the day before, the figure on the CFO dashboard."""
    import sqlite3

    warehouse = sqlite3.connect(":memory:")
    warehouse.execute("attach 'raw.db' as raw")
    query = """
        select coalesce(sum(eur), 0)
        from raw.orders where event_time >= date(:night, '-1 day') and event_time < date(:night)
    """
    (revenue,) = warehouse.execute(query, {"night": night}).fetchone()
    print(f"EUR {revenue}.00")


# --8<-- [end:load]
# --8<-- [start:bug]
def nightly() -> CronWorkflow:
    """Load the day before, and publish its revenue."""
    workflow = CronWorkflow(
        name="nightly",
        schedules=["12 3 * * *"],
        entrypoint="night",
    )
    with workflow, DAG(name="night"):
        load_orders() >> publish_revenue(arguments=NIGHT)
    return workflow


# --8<-- [end:bug]
as_written = nightly()


# --8<-- [start:fix]
@script(**STEP)
def as_declared(night: str) -> None:
    """Exit 1 unless the table holds the orders that the manifest declares."""
    import sqlite3

    warehouse = sqlite3.connect(":memory:")
    warehouse.execute("attach 'raw.db' as raw")
    query = """
        select count(*), (
            select orders from raw.manifest where day = date(:night, '-1 day')
        )
        from raw.orders where event_time >= date(:night, '-1 day') and event_time < date(:night)
    """
    counted, declared = warehouse.execute(query, {"night": night}).fetchone()
    if counted != declared:
        raise SystemExit(f"{counted} in the table, {declared} declared")


def nightly() -> CronWorkflow:
    """Load the day before, ask the table, and publish its revenue."""
    workflow = CronWorkflow(
        name="nightly",
        schedules=["12 3 * * 0,2-6"],  # no Monday: no order comes on a Sunday
        entrypoint="night",
    )
    with workflow, DAG(name="night"):
        check = as_declared(arguments=NIGHT)
        load_orders() >> check >> publish_revenue(arguments=NIGHT)
    return workflow


# --8<-- [end:fix]
asserted = nightly()


class Night(NamedTuple):
    """What the shop declared for a day, and the orders in the files that came."""

    declared: int | None
    orders: list[tuple[str, int]]


FRIDAY = [(f"2026-03-13 1{n}:00", 100) for n in range(10)]
THURSDAY = [(f"2026-03-12 1{n}:00", 100) for n in range(10)]
NIGHTS = {
    "10 orders": Night(10, FRIDAY),
    "files moved": Night(None, []),  # the manifest moved with them
    "half lost": Night(10, FRIDAY[::2]),
    "old file": Night(10, THURSDAY),
    "bank holiday": Night(0, []),
}
SCHEMA = """
    drop table if exists raw.orders;
    drop table if exists raw.manifest;
    create table raw.orders (event_time, eur);
    create table raw.manifest (day, orders);
"""


def deliver(night: Night) -> None:
    """Empty the warehouse but for Thursday; put the night's files and its manifest in place."""
    with connect(":memory:") as warehouse:
        warehouse.execute("attach ? as raw", [str(Path.home() / "raw.db")])
        warehouse.executescript(SCHEMA)
        warehouse.executemany("insert into raw.orders values (?, ?)", THURSDAY)
        if night.declared is not None:
            row = ("2026-03-13", night.declared)
            warehouse.execute("insert into raw.manifest values (?, ?)", row)
    export = Path.home() / "export"
    export.mkdir(exist_ok=True)
    for file in export.iterdir():
        file.unlink()
    if night.orders:
        with (export / "orders.csv").open("w") as file:
            csv.writer(file).writerows(night.orders)


def run_step(template: str) -> tuple[int, str]:
    """Run the script that a rendered step carries, as its container would."""
    steps = {step.name: step for step in asserted.build().spec.workflow_spec.templates}
    source = steps[template].script.source
    source = source.replace("{{inputs.parameters.night}}", "2026-03-14T03:12:00Z")
    python = [sys.executable, "-c", source]
    ended = subprocess.run(python, capture_output=True, text=True, cwd=Path.home())
    return ended.returncode, (ended.stdout + ended.stderr).strip()


def run_night(night: str) -> tuple[int, int, str]:
    """Run load and check; return their exit codes, and what came of it."""
    deliver(NIGHTS[night])
    load, _ = run_step("load-orders")
    check, reason = run_step("as-declared")
    return load, check, reason or run_step("publish-revenue")[1]


if __name__ == "__main__":
    print(f"{'':<16}load-orders  as-declared")
    for night in NIGHTS:
        print("  {:<14}exit {:<8}exit {:<8}{}".format(night, *run_night(night)))
    print(f"  {'Sunday':<14}no run: the schedule is {asserted.schedules[0]}")
    print("The workflow is schema-checked, not executed: that takes a cluster.")
