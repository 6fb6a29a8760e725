"""The nightly pipeline at 02:30 in Berlin, on the weekend that has two of them."""

from datetime import UTC, datetime

from airflow.sdk import CronTriggerTimetable, dag, task


@dag(
    schedule=CronTriggerTimetable("30 2 * * *", timezone="Europe/Berlin"),
    start_date=datetime(2026, 10, 24, tzinfo=UTC),
    end_date=datetime(2026, 10, 26, 12, tzinfo=UTC),
    catchup=True,
)
def nightly() -> None:
    """Load."""

    @task
    def load_orders() -> None:
        """Load the orders."""

    load_orders()


nightly()
