from collections.abc import Callable

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import fail_what_runs, finish
from tests.diagnose.staging.page import StagedPage

DAGS = "every_night_airflow.py"


def attempts(page: StagedPage, ask: Callable) -> list[tuple]:
    return [row[:2] for row in ask(page.code().replace("<run id>", "night"))]


def test_one_attempt(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    airflow.create_run("nightly", None, "night")
    finish(airflow.scheduler())
    assert attempts(page, ask) == [(1, "success")]


def test_two_attempts(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    fail_what_runs(scheduler)
    scheduler.tick()
    airflow.later(minutes=10)
    finish(scheduler)
    assert attempts(page, ask) == [(1, "failed"), (2, "success")]
