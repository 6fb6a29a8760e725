"""Half of the orders came, the check failed, and Dagster's asset graph says so."""

import runpy
from pathlib import Path

import dagster as dg

from testbed.dagster import webserver
from testbed.screens import Screens, browser

NIGHTLY = Path(__file__).with_name("empty_listing_dagster.py")


def stage() -> None:
    """Run the night on which every second order was lost, with a check that blocks."""
    nightly = runpy.run_path(str(NIGHTLY))
    with dg.DagsterInstance.get() as instance:
        nightly["run_night"]([nightly["as_declared"]], "half lost", instance)


def graph(url: str, screens: Screens) -> None:
    """Show both assets, what the check found, and what was not published."""
    page = screens.page
    page.goto(f"{url}/asset-groups")
    nodes = page.locator("foreignObject").filter(has_text="Latest event")
    orders, figure = (nodes.filter(has_text=name) for name in ("raw_orders", "fct_revenue_daily"))
    marks = {
        "check": orders.get_by_role("link", name="close 0 / 1 Passed"),  # `done`: it has not run
        "held": figure.get_by_text("(1 failed)"),
    }
    screens.take("graph", frame=[orders, figure], marks=marks)


if __name__ == "__main__":
    stage()
    with webserver(NIGHTLY) as url, browser(width=1600, height=700) as screens:
        graph(url, screens)
    print(screens.printed())
