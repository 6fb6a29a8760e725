"""Argo knows the arrows in depends, and starts whatever has none as soon as it can."""

import re

from hera.workflows import DAG, Task, Workflow, script


@script(image="python:3.13-slim")
def make(table: str) -> None:
    """Make one table of the night."""
    print(table)


def table(task: str, name: str) -> Task:
    """A task of the night that makes a table."""
    return make(name=task, arguments={"table": name})


# --8<-- [start:graph]
def nightly(with_edge: bool) -> Workflow:
    """The night; `>>` writes into `depends:` of the task on its right."""
    workflow = Workflow(generate_name="nightly-", entrypoint="night")
    with workflow, DAG(name="night"):
        rates = table("load-rates", "raw_rates")
        revenue = table("fct-revenue-daily", "fct_revenue_daily")
        orders = table("load-orders", "raw_orders")
        orders >> table("stg-orders", "stg_orders") >> revenue
        revenue >> table("publish-dashboard", "dashboard")
        rates >> table("fct-costs-daily", "fct_costs_daily")
        if with_edge:
            rates >> revenue
    return workflow


# --8<-- [end:graph]


def edges(workflow: Workflow) -> set[str]:
    """The arrows, as they stand in the manifest."""
    night, *_ = workflow.to_dict()["spec"]["templates"]
    return {
        f"{before} -> {task['name']}"
        for task in night["dag"]["tasks"]
        for before in re.findall(r"[\w-]+", task.get("depends", ""))
    }


if __name__ == "__main__":
    drawn, mended = edges(nightly(with_edge=False)), edges(nightly(with_edge=True))
    for edge in sorted(mended):
        print(" " if edge in drawn else "+", edge)
