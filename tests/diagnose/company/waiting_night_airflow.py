"""The nightly pipeline, of which some tasks leave their worker before they are done."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from airflow.providers.standard.sensors.python import PythonSensor
from airflow.providers.standard.sensors.time_delta import TimeDeltaSensor
from airflow.sdk import TaskGroup, dag, task


def tell(context: Mapping[str, object]) -> None:
    """Tell the team which task failed, where the team looks."""
    with Path("told").open("a") as told:
        print(context["ti"].task_id, file=told)


@dag(schedule=None, default_args={"on_failure_callback": tell})
def nightly() -> None:
    """Load, and wait for two partners."""

    @task
    def load_orders() -> None:
        """Load the orders."""

    @task(retries=1)
    def load_rates() -> None:
        """Load the rates, at the second attempt if need be."""

    with TaskGroup("loads", prefix_group_id=False):
        load_orders()
        load_rates()
    PythonSensor(task_id="look_again", python_callable=bool, mode="reschedule", pool="partner_api")
    TimeDeltaSensor(task_id="wait_for_it", delta=timedelta(hours=1), deferrable=True)


@dag(schedule=None, fail_fast=True)
def all_or_nothing() -> None:
    """Load two things, of which none is wanted without the other."""

    @task
    def load_orders() -> None:
        """Load the orders."""

    @task
    def load_rates() -> None:
        """Load the rates."""

    load_orders()
    load_rates()


nightly()
all_or_nothing()
