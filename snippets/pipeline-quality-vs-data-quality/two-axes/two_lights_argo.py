"""An Argo Workflow has one phase; a CronWorkflow gives the check a phase too."""

import subprocess
import sys
from pathlib import Path

from hera.workflows import DAG, CronWorkflow, Parameter, Task, Workflow, script

PYTHON = "python:3.13-slim"
NIGHTS = {
    "report lost": {"eur": "100", "report_lost": "true"},
    "swapped": {"eur": "109", "report_lost": "false"},
}
ARGUMENTS = [
    Parameter(name="eur", value="100"),
    Parameter(name="report_lost", value="false"),
]


# --8<-- [start:tasks]
@script(image=PYTHON)
def check_revenue() -> None:
    """Exit non-zero unless the table agrees with the shop's ledger."""
    import sqlite3

    query = "select count(*), sum(eur) from orders"
    found = sqlite3.connect("warehouse.db").execute(query).fetchone()
    if found != (10, 1000):
        raise SystemExit(f"{found} in the table, (10, 1000) in the ledger")


# --8<-- [end:tasks]
# --8<-- [start:load]
@script(image=PYTHON)
def load_orders(eur: int, report_lost: bool) -> None:
    """Replace the day and commit; the report on it may be lost."""
    import sqlite3

    with sqlite3.connect("warehouse.db") as warehouse:
        warehouse.execute("create table if not exists orders (eur)")
        warehouse.execute("delete from orders")
        warehouse.executemany("insert into orders values (?)", [[eur]] * 10)
    if report_lost:
        raise ConnectionResetError("connection reset by peer")


def load(workflow: Workflow) -> Task:
    """Add the load, with the night's arguments."""
    names = [parameter.name for parameter in ARGUMENTS]
    return load_orders(arguments={name: workflow.get_parameter(name) for name in names})


# --8<-- [end:load]
# --8<-- [start:bug]
def revenue_and_check() -> Workflow:
    """Load, then check: either may fail the one Workflow."""
    workflow = Workflow(name="revenue-and-check", entrypoint="night", arguments=ARGUMENTS)
    with workflow, DAG(name="night"):
        load(workflow) >> check_revenue()
    return workflow


# --8<-- [end:bug]
# --8<-- [start:fix]
def revenue() -> CronWorkflow:
    """The pipeline's light is the phase of these Workflows."""
    workflow = CronWorkflow(
        name="revenue", schedules=["12 3 * * *"], entrypoint="night", arguments=ARGUMENTS
    )
    with workflow, DAG(name="night"):
        load(workflow)
    return workflow


def revenue_is_right() -> CronWorkflow:
    """The data's light is the phase of these Workflows, by the clock."""
    workflow = CronWorkflow(
        name="revenue-is-right", schedules=["0 6 * * *"], entrypoint="check-revenue"
    )
    with workflow:
        check_revenue()
    return workflow


# --8<-- [end:fix]
def exit_code(template: str, **inputs: str) -> int:
    """Run the script that a rendered step carries, as its container would."""
    steps = {step.name: step for step in revenue_and_check().build().spec.templates}
    source = steps[template].script.source
    for name, value in inputs.items():
        source = source.replace(f"{{{{inputs.parameters.{name}}}}}", value)
    python = [sys.executable, "-c", source]
    return subprocess.run(python, capture_output=True, cwd=Path.home()).returncode


def run_night(night: str) -> tuple[int, int]:
    """Run the load's script, then the check's; return both exit codes."""
    return exit_code("load-orders", **NIGHTS[night]), exit_code("check-revenue")


if __name__ == "__main__":
    print(f"{'':<15}load-orders  check-revenue")
    for night in NIGHTS:
        print("  {:<13}exit {:<8}exit {}".format(night, *run_night(night)))
    print("The workflows are schema-checked, not executed: that takes a cluster.")
