from collections.abc import Callable

from conftest import Words
from stage_airflow import LAST, finish

from tooling.airflow_ticks import Installation

DAGS = "every_night_airflow.py"


def test_a_run_that_the_backfill_took_over_is_told(
    page: Words, airflow: Installation, ask: Callable
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
