"""An Argo Workflow has one phase; a CronWorkflow gives the check a phase too."""

import subprocess
import sys
from pathlib import Path
from sqlite3 import connect

from hera.workflows import DAG, CronWorkflow, ExistingVolume, script

NIGHTS = {  # an order in the export, and what its step does after the commit
    "report lost": ("100", "raise ConnectionResetError"),
    "swapped": ("109", ""),
}


# --8<-- [start:tasks]
SHARED = ExistingVolume(name="shared", claim_name="shared", mount_path="/shared")
STEP = {"image": "python:3.13-slim", "working_dir": "/shared", "volumes": [SHARED]}
NIGHT = {"night": "{{workflow.scheduledTime}}"}  # it is about the day before


@script(**STEP)
def check_revenue(night: str) -> None:
    """Exit 1 unless the table agrees with the shop's ledger in orders and euros."""
    import sqlite3

    query = """
        select (select count(*) from orders where day = :day)
             = (select orders from ledger where day = :day)
           and (select coalesce(sum(eur), 0) from fct_revenue_daily where day = :day)
             = (select eur from ledger where day = :day)
    """
    warehouse = sqlite3.connect("warehouse.db")
    (day,) = warehouse.execute("select date(?, '-1 day')", [night]).fetchone()
    (agrees,) = warehouse.execute(query, {"day": day}).fetchone()
    if not agrees:
        raise SystemExit("the table is not what the ledger says")


# --8<-- [end:tasks]
@script(**STEP)
def load_orders(night: str) -> None:
    """Replace the day before with what the export holds."""
    import sqlite3
    from pathlib import Path

    orders = [(night, eur) for eur in Path("export.txt").read_text().split()]
    with sqlite3.connect("warehouse.db") as warehouse:
        warehouse.execute("delete from orders where day = date(?, '-1 day')", [night])
        warehouse.executemany("insert into orders values (date(?, '-1 day'), ?)", orders)


# --8<-- [start:bug]
def revenue_and_check() -> CronWorkflow:
    """Load, then check: either may fail the one Workflow."""
    workflow = CronWorkflow(name="revenue", schedules=["12 3 * * *"], entrypoint="night")
    with workflow, DAG(name="night"):
        load_orders(arguments=NIGHT) >> check_revenue(arguments=NIGHT)
    return workflow


# --8<-- [end:bug]
# --8<-- [start:fix]
def revenue() -> CronWorkflow:
    """The pipeline's light is the phase of these Workflows."""
    workflow = CronWorkflow(name="revenue", schedules=["12 3 * * *"], entrypoint="night")
    with workflow, DAG(name="night"):
        load_orders(arguments=NIGHT)
    return workflow


def revenue_is_right() -> CronWorkflow:
    """The data's light is the phase of these Workflows, by the clock."""
    workflow = CronWorkflow(name="revenue-is-right", schedules=["0 6 * * *"], entrypoint="check")
    with workflow, DAG(name="check"):
        check_revenue(arguments=NIGHT)
    return workflow


# --8<-- [end:fix]
SCHEDULED = "2026-01-23T03:12:00Z"
SCHEMA = """
    drop view if exists fct_revenue_daily;
    drop table if exists orders;
    drop table if exists ledger;
    create table orders (day, eur integer);
    create view fct_revenue_daily as select day, sum(eur) as eur from orders group by day;
    create table ledger (day, orders, eur);
"""


def prepare(orders: int = 10, eur: int = 1000) -> None:
    """Empty the warehouse, and enter Thursday into the ledger."""
    with connect(Path.home() / "warehouse.db") as warehouse:
        warehouse.executescript(SCHEMA)
        warehouse.execute("insert into ledger values ('2026-01-22', ?, ?)", [orders, eur])


def exit_code(template: str, fault: str = "") -> int:
    """Run the script that a rendered step carries, as its container would; then the fault."""
    spec = revenue_and_check().build().spec.workflow_spec
    steps = {step.name: step for step in spec.templates}
    source = steps[template].script.source.replace("{{inputs.parameters.night}}", SCHEDULED)
    python = [sys.executable, "-c", f"{source}\n{fault}"]
    return subprocess.run(python, capture_output=True, cwd=Path.home()).returncode


def run_night(night: str) -> tuple[int, int]:
    """Run the load's script, then the check's; return both exit codes."""
    eur, fault = NIGHTS[night]
    (Path.home() / "export.txt").write_text(f"{eur}\n" * 10)
    return exit_code("load-orders", fault), exit_code("check-revenue")


if __name__ == "__main__":
    prepare()
    print(f"{'':<15}load-orders  check-revenue")
    for night in NIGHTS:
        print("  {:<13}exit {:<8}exit {}".format(night, *run_night(night)))
    print("The workflows are schema-checked, not executed: that takes a cluster.")
