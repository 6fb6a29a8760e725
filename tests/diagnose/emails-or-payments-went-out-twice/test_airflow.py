from collections.abc import Callable

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler
from tests.diagnose.staging.airflow import FIRST, LAST, change, fail_what_runs, finish
from tests.diagnose.staging.page import StagedPage

DAGS = "every_night_airflow.py"


def attempts(page: StagedPage, ask: Callable) -> list[tuple]:
    return [row[:3] for row in ask(page.code())]


def sending_failed(airflow: Installation) -> Scheduler:
    """Fail the first attempt to send; its retry is waiting."""
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    change(airflow, "dag set next_dagrun_create_after = null")
    finish(scheduler, ticks=3)
    scheduler.tick()
    fail_what_runs(scheduler)
    scheduler.tick()
    airflow.later(minutes=10)
    return scheduler


def test_a_retry(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    scheduler = sending_failed(airflow)
    finish(scheduler)
    assert attempts(page, ask) == [("night", 1, "failed"), ("night", 2, "success")]


def test_two_runs(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    change(airflow, "dag set next_dagrun_create_after = null")
    for night in ("by_hand", "night"):
        airflow.create_run("nightly", None, night)
    finish(airflow.scheduler())
    assert attempts(page, ask) == [("by_hand", 1, "success"), ("night", 1, "success")]


def test_another_night_is_left_out(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    finish(sending_failed(airflow))
    for table in ("task_instance_history", "task_instance"):
        change(airflow, f"{table} set start_date = '2026-03-13'")
    assert attempts(page, ask) == []


def test_a_good_task_was_cleared(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    scheduler = airflow.scheduler()
    finish(scheduler)
    airflow.backfill("nightly", FIRST, LAST, "completed")
    finish(scheduler)
    assert [row[1:] for row in attempts(page, ask)] == [(1, "success"), (2, "success")] * 3


def test_a_pause_holds_the_retry_back(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    scheduler = sending_failed(airflow)
    change(airflow, "dag set is_paused = true")
    finish(scheduler)
    assert attempts(page, ask)[-1] == ("night", 1, "up_for_retry")
