"""Prefect draws an arrow when a future is handed over, while the flow runs."""

from uuid import UUID

from prefect import Flow, Task, flow, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import wait

RUNS: list[TaskRun] = []


def note(_: Task, task_run: TaskRun, __: State) -> None:
    """Keep every task run as Prefect has it when it ends."""
    RUNS.append(task_run)


def table(name: str) -> Task:
    """Make a task that makes a table, out of others that are handed to it."""

    @task(name=name, task_run_name=name, on_completion=[note])
    def make(*tables: str) -> str:
        return name

    return make


load_orders, load_rates = table("load_orders"), table("load_rates")
stg_orders, fct_costs_daily = table("stg_orders"), table("fct_costs_daily")
fct_revenue_daily, publish_dashboard = table("fct_revenue_daily"), table("publish_dashboard")


# --8<-- [start:bug]
@flow
def nightly() -> None:
    """Load the night, and publish its revenue."""
    rates = load_rates.submit()
    orders = stg_orders.submit(load_orders.submit())
    revenue = fct_revenue_daily.submit(orders)
    costs = fct_costs_daily.submit(rates)
    wait([publish_dashboard.submit(revenue), costs])


# --8<-- [end:bug]
as_drawn = nightly


# --8<-- [start:fix]
@flow
def nightly() -> None:
    """Load the night, and publish its revenue."""
    rates = load_rates.submit()
    orders = stg_orders.submit(load_orders.submit())
    revenue = fct_revenue_daily.submit(orders, wait_for=[rates])
    costs = fct_costs_daily.submit(rates)
    wait([publish_dashboard.submit(revenue), costs])


# --8<-- [end:fix]
with_edge = nightly


def edges(night: Flow) -> set[str]:
    """The arrows, as the task runs of one flow run have kept them."""
    RUNS.clear()
    night()
    names: dict[UUID, str] = {run.id: run.name for run in RUNS}
    return {
        f"{names[source.id]} -> {run.name}"
        for run in RUNS
        for sources in run.task_inputs.values()
        for source in sources
        if source.input_type == "task_run"
    }


if __name__ == "__main__":
    drawn = edges(as_drawn)
    for edge in sorted(edges(with_edge)):
        print(" " if edge in drawn else "+", edge)
