from collections.abc import Callable

from conftest import Words
from stage_airflow import fail_what_runs, finish

from tooling.airflow_ticks import Installation

DAGS = "every_night_airflow.py"


def attempts(page: Words, ask: Callable) -> list[tuple]:
    return [row[:2] for row in ask(page.code().replace("<run id>", "night"))]


def test_one_attempt(page: Words, airflow: Installation, ask: Callable) -> None:
    airflow.create_run("nightly", None, "night")
    finish(airflow.scheduler())
    assert attempts(page, ask) == [(1, "success")]


def test_two_attempts(page: Words, airflow: Installation, ask: Callable) -> None:
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    fail_what_runs(scheduler)
    scheduler.tick()
    airflow.later(minutes=10)
    finish(scheduler)
    assert attempts(page, ask) == [(1, "failed"), (2, "success")]
