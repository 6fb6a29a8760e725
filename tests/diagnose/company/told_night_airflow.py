"""The nightly pipeline, with callbacks that write down whom they told of, where the team looks."""

from collections.abc import Mapping
from pathlib import Path

from airflow.sdk import dag, task


def tell(context: Mapping[str, object]) -> None:
    """Tell the team which task failed."""
    note(context["ti"].task_id)


def tell_of_the_run(context: Mapping[str, object]) -> None:
    """Tell the team that a run failed."""
    note("the run")


def note(what: str) -> None:
    """Add a line to what the team reads."""
    with Path("told").open("a") as told:
        print(what, file=told)


def refuse(context: Mapping[str, object]) -> None:
    """Fail to tell the team, as with a token that has expired."""
    raise PermissionError("invalid_auth")


@dag(
    schedule=None,
    on_failure_callback=tell_of_the_run,
    default_args={"on_failure_callback": tell},
)
def nightly() -> None:
    """Load, add up, send; none of it works."""

    @task
    def load_orders() -> None:
        """Load the orders."""
        raise ValueError("no such column")

    @task(retries=1)
    def load_rates() -> None:
        """Load the rates, at the second attempt if need be."""
        raise ValueError("no such column")

    @task
    def fct_revenue_daily() -> None:
        """Add the orders up."""

    @task(on_failure_callback=refuse)
    def send_invoices() -> None:
        """Send the invoices, of which nobody is told."""
        raise ValueError("no such customer")

    load_orders() >> fct_revenue_daily()
    load_rates()
    send_invoices()


nightly()
