"""Three nights in Airflow's UI, all green: the grid, and the dialogs that clear and backfill."""

import time
from datetime import UTC, datetime
from pathlib import Path

from airflow.sdk import dag, task

from testbed.airflow.live import Stack, stack
from testbed.screens import Screens, browser

PUBLISH = "fct_revenue_daily"
LAST = "scheduled__2026-03-14T03:12:00+00:00"
FRIDAY = "scheduled__2026-03-13T03:12:00+00:00"
MOVED = "2026-03-14"  # the night on which the folder is empty
FILES = 11


# --8<-- [start:dag]
@task
def load_orders(night: str) -> None:
    """Fetch the day's files, each of which takes two seconds here; the empty folder has none."""
    for _ in range(0 if night == MOVED else FILES):
        time.sleep(2)


@task
def stg_orders() -> None:
    """Clean what came."""


@task
def fct_revenue_daily() -> None:
    """Add it up."""


@dag(
    schedule="12 3 * * *",
    start_date=datetime(2026, 3, 12, tzinfo=UTC),
    end_date=datetime(2026, 3, 15, tzinfo=UTC),
    catchup=True,
)
def nightly() -> None:
    """Load the day before, clean it, and publish its revenue."""
    load_orders("{{ ds }}") >> stg_orders() >> fct_revenue_daily()


# --8<-- [end:dag]
nightly()


def are_done(live: Stack) -> bool:
    """Tell whether all three nights have ended well."""
    runs = live.ask("/api/v2/dags/nightly/dagRuns")["dag_runs"]
    return [run["state"] for run in runs] == ["success"] * 3


def grid(live: Stack, screens: Screens) -> None:
    """Show the three nights next to one another."""
    page = screens.page
    page.goto(f"{live.url}/dags/nightly")
    panel = page.locator("#main-panel")
    bar = panel.locator(f'[data-run-id="{LAST}"] a').first
    load, last = (panel.get_by_test_id(f"grid-{LAST}-{task}") for task in ("load_orders", PUBLISH))
    screens.take(
        "grid",
        frame=[panel.get_by_text("00:").first, bar, last, panel.get_by_role("link", name=PUBLISH)],
        marks={
            "bar": bar,
            "load": panel.get_by_test_id("load_orders"),
            "published": panel.get_by_test_id(PUBLISH),
            "square": load,
        },
    )


def clear(live: Stack, screens: Screens) -> None:
    """Open the dialog that clears Friday's load."""
    page = screens.page
    page.goto(f"{live.url}/dags/nightly/runs/{FRIDAY}/tasks/load_orders")
    page.get_by_role("button", name="to clear").click()
    dialog = page.get_by_role("dialog")
    screens.take(
        "clear",
        frame=[dialog],
        marks={
            "downstream": dialog.get_by_role("button", name="Downstream"),
            "failed": dialog.get_by_role("button", name="Clear only failed tasks"),
            "affected": dialog.get_by_text("Affected Tasks"),
            "last": dialog.get_by_role("cell", name=PUBLISH),
            "running": dialog.get_by_text("Prevent rerun if task is running"),
        },
        room=0,
    )


def backfill(live: Stack, screens: Screens) -> None:
    """Open the dialog that makes runs for a range of dates."""
    page = screens.page
    page.goto(f"{live.url}/dags/nightly")
    page.get_by_role("button", name="Trigger Dag").click()
    page.get_by_role("radio", name="Backfill").locator("..").click()
    dialog = page.get_by_role("dialog")
    screens.take(
        "backfill",
        frame=[dialog.get_by_text("Date Range"), dialog.get_by_text("Override parameters")],
        marks={
            "chosen": dialog.get_by_role("radio", name="Missing Runs", exact=True),
            "missing": dialog.get_by_text("Missing Runs", exact=True),
            "errored": dialog.get_by_text("Missing and Errored Runs"),
            "all": dialog.get_by_text("All Runs"),
            "at_once": dialog.get_by_text("Max Active Runs"),
            "number": dialog.get_by_role("spinbutton"),
            "latest": dialog.get_by_text("Run with latest bundle version"),
            "version": dialog.get_by_role("checkbox", name="Run with latest bundle version"),
        },
        room=12,
    )


if __name__ == "__main__":
    with stack(Path(__file__)) as live:
        live.wait_for("three nights", lambda: are_done(live))
        with browser(width=600, height=900) as screens:
            clear(live, screens)
            backfill(live, screens)
            grid(live, screens)
    print(screens.printed())
