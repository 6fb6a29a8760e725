from collections.abc import Callable

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import LAST, finish
from tests.diagnose.staging.page import StagedPage

DAGS = "every_night_airflow.py"


def test_a_run_that_the_backfill_took_over_is_told(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    scheduler = airflow.scheduler()
    finish(scheduler)
    assert [row[1:] for row in ask(page.code())] == [("scheduled", 0, None)] * 3
    airflow.backfill("nightly", LAST, LAST, "completed")
    finish(scheduler)
    found = ask(page.code())
    assert all(run_id.startswith("scheduled__") for run_id, *_ in found)
    alone = ("scheduled", 0, None)
    assert [row[1:] for row in found] == [("backfill", 1, "completed"), alone, alone]
