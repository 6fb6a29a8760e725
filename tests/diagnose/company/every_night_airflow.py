"""The nightly pipeline by the clock, for three nights of March, and who waits for assets."""

from datetime import UTC, datetime

from airflow.sdk import Asset, CronDataIntervalTimetable, dag, task

FIRST = datetime(2026, 3, 11, 3, tzinfo=UTC)
LAST = datetime(2026, 3, 13, 3, tzinfo=UTC)


@dag(schedule="0 3 * * *", start_date=FIRST, end_date=LAST, catchup=True)
def nightly() -> None:
    """Load, file by file too, add up, send, tell."""

    @task(retries=1)
    def load_orders() -> None:
        """Load the orders."""

    @task
    def load_file(number: int) -> None:
        """Load one file of them."""

    @task
    def fct_revenue_daily() -> None:
        """Add them up."""

    @task(retries=1)
    def send_invoices() -> None:
        """Send them."""

    @task(trigger_rule="all_done")
    def notify() -> None:
        """Tell the team, whatever happened."""

    files = load_file.expand(number=[1, 2, 3])
    load_orders() >> files >> fct_revenue_daily() >> send_invoices() >> notify()


@task
def add_up() -> None:
    """Add up what is there."""


@dag(
    schedule=CronDataIntervalTimetable("0 3 * * *", timezone="UTC"), start_date=LAST, end_date=LAST
)
def day_that_is_over() -> None:
    """Have a schedule with intervals, and no run."""
    add_up()


@dag(schedule=[Asset("raw_orders")])
def publish() -> None:
    """Publish what has arrived."""
    add_up()


@dag(schedule=[Asset("raw_orders"), Asset("rates")])
def publish_both() -> None:
    """Publish when both have arrived."""
    add_up()


nightly()
day_that_is_over()
publish()
publish_both()
