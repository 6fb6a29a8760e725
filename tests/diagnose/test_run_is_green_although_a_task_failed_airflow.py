from collections.abc import Callable

from conftest import Words
from stage_airflow import finish, work

from tooling.airflow_ticks import Installation

DAGS = "every_night_airflow.py"


def test_nothing_is_told_of_good_nights(page: Words, airflow: Installation, ask: Callable) -> None:
    finish(airflow.scheduler())
    assert ask(page.code()) == []


def test_failures_below_green_runs_are_told(
    page: Words, airflow: Installation, ask: Callable
) -> None:
    airflow.create_run("nightly", None, "night")
    work(airflow.scheduler(), lambda key: key[1:3] == ("fct_revenue_daily", "night"))
    assert ask(page.code()) == [
        ("night", "fct_revenue_daily", "failed"),
        ("night", "send_invoices", "upstream_failed"),
    ]
