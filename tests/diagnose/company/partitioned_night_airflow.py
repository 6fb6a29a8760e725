"""The nightly pipeline by partition: each run has a key, and no date of its own."""

from datetime import UTC, datetime

from airflow.sdk import CronPartitionTimetable, dag, task


@dag(
    schedule=CronPartitionTimetable("0 3 * * *", timezone="UTC"),
    start_date=datetime(2026, 3, 11, 3, tzinfo=UTC),
    end_date=datetime(2026, 3, 13, 3, tzinfo=UTC),
    catchup=True,
)
def nightly() -> None:
    """Load."""

    @task
    def load_orders() -> None:
        """Load the orders."""

    load_orders()


nightly()
