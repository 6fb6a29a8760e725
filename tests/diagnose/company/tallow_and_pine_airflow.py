"""The company's nightly pipeline, and what else a symptom needs."""

from datetime import UTC, datetime

from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import dag, task


@dag(schedule=None)
def nightly() -> None:
    """Load, clean, add up, tell."""

    @task(retries=1)
    def load_orders() -> None:
        """Load the orders."""

    @task
    def stg_orders() -> None:
        """Clean them."""

    @task
    def fct_revenue_daily() -> None:
        """Add them up."""

    @task(trigger_rule="all_done")
    def notify() -> None:
        """Tell the team, whatever happened."""

    load_orders() >> stg_orders() >> fct_revenue_daily() >> notify()


@dag(
    schedule="0 3 * * *",
    start_date=datetime(2026, 3, 1, tzinfo=UTC),
    max_active_runs=1,
    max_consecutive_failed_dag_runs=1,
)
def nightly_at_three() -> None:
    """Load, by the clock."""

    @task
    def load_orders() -> None:
        """Load the orders."""

    load_orders()


@dag(schedule=None, max_active_tasks=2)
def load_regions() -> None:
    """Load four regions, two at a time."""

    @task
    def load(region: str) -> None:
        """Load one region."""

    load.expand(region=["north", "east", "south", "west"])


@dag(schedule=None)
def load_partners() -> None:
    """Load four partners from an API that bears two callers."""

    @task(pool="partner_api")
    def load(partner: str) -> None:
        """Load one partner."""

    load.expand(partner=["ash", "oak", "fir", "yew"])


@dag(schedule=None)
def wait_for_partners() -> None:
    """Wait for three exports, each in a place of its own."""
    for partner in ("ash", "oak", "fir"):
        PythonSensor(task_id=partner, python_callable=lambda: False)


nightly()
nightly_at_three()
load_regions()
load_partners()
wait_for_partners()
