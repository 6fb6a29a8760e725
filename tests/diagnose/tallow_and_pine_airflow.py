"""The company's nightly pipeline, and what else a symptom needs."""

from airflow.sdk import dag, task


@dag(schedule=None)
def nightly() -> None:
    """Load, clean, add up, tell."""

    @task
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


nightly()
