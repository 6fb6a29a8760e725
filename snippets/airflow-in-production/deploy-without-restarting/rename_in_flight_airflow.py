"""A rename reaches the run in flight from a folder, and not from a Git bundle."""

import json
import os
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from airflow.models.taskinstancekey import TaskInstanceKey

from testbed.airflow.bundles import Bundle, code_of, released
from testbed.airflow.installation import Installation
from testbed.repository import Repository

BEFORE = """
# --8<-- [start:dag]
from airflow.sdk import dag, task

@task
def load_orders():
    return [100] * 10  # appended to raw.orders: ten orders of EUR 100.00

@task
def fct_revenue_daily():
    return []

@dag(schedule=None)
def nightly():
    load_orders() >> fct_revenue_daily()

nightly()
# --8<-- [end:dag]
"""
AFTER = BEFORE.replace("load_orders", "load_shop_orders")

FOLDER = """
# --8<-- [start:bug]
[dag_processor]
dag_bundle_config_list = [
    {
      "name": "dags-folder",
      "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
      "kwargs": {}
    }
  ]
# --8<-- [end:bug]
"""
GIT = """
# --8<-- [start:fix]
[dag_processor]
dag_bundle_config_list = [
    {
      "name": "dags-git",
      "classpath": "airflow.providers.git.bundles.git.GitDagBundle",
      "kwargs": {
        "git_conn_id": "dags_repository",
        "tracking_ref": "main",
        "subdir": "dags",
        "refresh_interval": 60
      }
    }
  ]
# --8<-- [end:fix]
"""


class Site:
    """An Airflow on one bundle, its scheduler, and the table that it loads."""

    def __init__(self, airflow: Installation, repository: Repository) -> None:
        """Start with an empty table."""
        self.airflow, self.repository = airflow, repository
        self.scheduler = airflow.scheduler()
        self.executor = self.scheduler.executor
        self.raw_orders: dict[str, list[int]] = {}

    def start(self, run_id: str) -> None:
        """Create a run and let the scheduler queue its first task."""
        self.airflow.create_run("nightly", None, run_id)
        self.scheduler.tick()

    def work(self, key: TaskInstanceKey, part: slice = slice(None)) -> None:
        """Run the task in the code that its worker finds, and write the rows."""
        rows = code_of(self.scheduler, key)()
        self.raw_orders.setdefault(key.run_id, []).extend(rows[part])

    def deploy(self, source: str) -> None:
        """Release a file; the Dag processor reads it, the scheduler ticks."""
        self.repository.release(source)
        self.airflow.parse()
        self.scheduler.tick()

    def finish(self) -> None:
        """Go on until no worker has anything to do."""
        while self.executor.running:
            self.executor.run_tasks(self.work)
            self.scheduler.tick()

    def states(self, run_id: str) -> dict[str, str]:
        """Read the state of each task of a run."""
        query = "select task_id, state from task_instance where run_id = :run_id"
        return dict(self.airflow.rows(query, run_id=run_id))


# --8<-- [start:moments]
def queued(site: Site) -> None:
    """Deploy before a worker has begun to load."""
    site.deploy(AFTER)


def running(site: Site) -> None:
    """Deploy when half of the orders are written."""
    (load,) = site.executor.running
    site.executor.start_task(load)
    site.work(load, slice(5))
    site.deploy(AFTER)
    if site.states("Thursday")["load_orders"] == "running":
        site.work(load, slice(5, None))  # nobody has stopped the worker


def success(site: Site) -> None:
    """Deploy when the load is done and nothing after it is queued."""
    site.executor.run_tasks(site.work)
    site.deploy(AFTER)


# --8<-- [end:moments]
@contextmanager
def site(config: str) -> Iterator[Site]:
    """Set up a fresh Airflow on this configuration, with the file as it was."""

    def entry(path: Path) -> Bundle:
        connection = {"conn_type": "git", "host": str(path)}
        os.environ["AIRFLOW_CONN_DAGS_REPOSITORY"] = json.dumps(connection)
        os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(path / "dags")
        (only,) = entries(config)
        return only

    file = "dags/nightly.py"
    with patch.dict(os.environ), released(entry, BEFORE, file) as (airflow, repository):
        yield Site(airflow, repository)


def entries(config: str) -> list[Bundle]:
    """Read the bundles that a configuration lists."""
    parser = ConfigParser()
    parser.read_string(config)
    return json.loads(parser["dag_processor"]["dag_bundle_config_list"])


def row(site: Site, run_id: str) -> tuple[str, str, str]:
    """Say what became of the load under its two names, and of the figure."""
    states = site.states(run_id)
    revenue = f"EUR {sum(site.raw_orders[run_id]):.2f}"
    return states.get("load_orders", "-"), states.get("load_shop_orders", "-"), revenue


LINE = "  {:<10}{:<9}{:<9}{}"

if __name__ == "__main__":
    print("old is load_orders, new is load_shop_orders")
    for name, config in {"folder": FOLDER, "git": GIT}.items():
        print(f"{name:<12}old      new      raw.orders")
        for moment in (queued, running, success):
            with site(config) as tallow:
                tallow.start("Thursday")
                moment(tallow)
                tallow.finish()
                print(LINE.format(moment.__name__, *row(tallow, "Thursday")))
                tallow.start("Friday")
                tallow.finish()
                friday = row(tallow, "Friday")
        print(LINE.format("next run", *friday))
