"""Argo knows the arrows in depends, and starts a task without one at once."""

import re
from typing import Any

import yaml

MANIFEST = """
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  generateName: nightly-
spec:
  entrypoint: nightly
  templates:
    - name: make
      inputs:
        parameters: [{name: table}]
      container:
        image: warehouse-loader:1.4.2
        args: ["{{inputs.parameters.table}}"]
    - name: nightly
      dag:
        tasks:
          - name: load-orders
            template: make
            arguments: {parameters: [{name: table, value: raw_orders}]}
          - name: load-rates
            template: make
            arguments: {parameters: [{name: table, value: raw_rates}]}
          - name: stg-orders
            depends: load-orders.Succeeded
            template: make
            arguments: {parameters: [{name: table, value: stg_orders}]}
          - name: fct-costs-daily
            depends: load-rates.Succeeded
            template: make
            arguments: {parameters: [{name: table, value: fct_costs_daily}]}
          - name: publish-dashboard
            depends: fct-revenue-daily.Succeeded
            template: make
            arguments: {parameters: [{name: table, value: dashboard}]}
"""
AS_DRAWN = """
# --8<-- [start:bug]
          - name: fct-revenue-daily
            depends: stg-orders.Succeeded
            template: make
            arguments: {parameters: [{name: table, value: fct_revenue_daily}]}
# --8<-- [end:bug]
"""
WITH_EDGE = """
# --8<-- [start:fix]
          - name: fct-revenue-daily
            depends: stg-orders.Succeeded && load-rates.Succeeded
            template: make
            arguments: {parameters: [{name: table, value: fct_revenue_daily}]}
# --8<-- [end:fix]
"""


def nightly(revenue: str) -> dict[str, Any]:
    """The night's manifest, with the revenue's task as it is given."""
    return yaml.safe_load(MANIFEST + revenue)


def edges(workflow: dict[str, Any]) -> set[str]:
    """The arrows, as they stand in the manifest."""
    *_, night = workflow["spec"]["templates"]
    return {
        f"{before} -> {task['name']}"
        for task in night["dag"]["tasks"]
        for before in re.findall(r"([\w-]+)\.Succeeded", task.get("depends", ""))
    }


if __name__ == "__main__":
    drawn = edges(nightly(AS_DRAWN))
    for edge in sorted(edges(nightly(WITH_EDGE))):
        print(" " if edge in drawn else "+", edge)
