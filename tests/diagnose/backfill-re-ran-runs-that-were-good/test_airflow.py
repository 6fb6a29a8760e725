from collections.abc import Callable
from datetime import timedelta

import pytest

from testbed.airflow.installation import Installation, installation
from tests.diagnose.staging.airflow import FIRST, LAST, change, finish, work
from tests.diagnose.staging.page import COMPANY, StagedPage
from tests.diagnose.staging.shell import run

DAGS = "every_night_airflow.py"
DAY = timedelta(days=1)
NIGHTS = ("2026-03-11", "2026-03-12", "2026-03-13")


@pytest.fixture
def dates(page: StagedPage, ask: Callable) -> Callable[[], list[tuple]]:
    """Ask the page's query: setting, reason, the start of the run's id, state, clears."""

    def read() -> list[tuple]:
        return [
            (row[1], row[5], row[6] and row[6].split("__")[0], *row[7:]) for row in ask(page.code())
        ]

    return read


def test_good_runs_are_taken_over(airflow: Installation, dates: Callable) -> None:
    scheduler = airflow.scheduler()
    finish(scheduler)
    airflow.backfill("nightly", FIRST, LAST, "completed")
    finish(scheduler)
    assert dates() == [("completed", None, "scheduled", "success", 1)] * 3


def test_a_run_is_taken_over_whoever_made_it(airflow: Installation, dates: Callable) -> None:
    scheduler = airflow.scheduler()
    change(airflow, "dag set next_dagrun_create_after = null")
    airflow.create_run("nightly", FIRST, "manual__by_hand")
    airflow.backfill("nightly", FIRST + DAY, LAST, "none")
    finish(scheduler)
    change(airflow, "backfill set completed_at = now()")  # as a look of the scheduler does, later
    airflow.backfill("nightly", FIRST, LAST, "completed")
    finish(scheduler)
    second, first = dates()[:3], dates()[3:]
    made_by = ("manual", "backfill", "backfill")
    assert second == [("completed", None, how, "success", 1) for how in made_by]
    assert {clears for *_, clears in first} == {1}  # and not new any more


def test_by_partition_a_backfill_makes_a_second_run(page: StagedPage) -> None:
    with installation(core__dags_folder=COMPANY / "partitioned_night_airflow.py") as airflow:
        airflow.rows("update dag set is_paused = false returning 1")
        scheduler = airflow.scheduler()
        finish(scheduler)
        airflow.backfill("nightly", FIRST, LAST, "completed")
        finish(scheduler)
        found = [(row[-3].split("__")[0], row[-1]) for row in airflow.rows(page.code())]
        runs = airflow.rows("select partition_key, count(*) from dag_run group by 1")
    assert found == [("backfill", 0)] * 3
    assert [count for _, count in runs] == [2] * 3


def test_dates_without_a_run_get_one(airflow: Installation, dates: Callable) -> None:
    airflow.backfill("nightly", FIRST, LAST, "none")
    finish(airflow.scheduler())
    assert dates() == [("none", None, "backfill", "success", 0)] * 3


def test_dates_with_a_run_are_left_alone(airflow: Installation, dates: Callable) -> None:
    finish(airflow.scheduler())
    airflow.backfill("nightly", FIRST, LAST, "none")
    assert dates() == [("none", "already exists", None, None, None)] * 3


def test_runs_under_way_are_left_alone(airflow: Installation, dates: Callable) -> None:
    scheduler = airflow.scheduler()
    for _ in NIGHTS:
        scheduler.tick()
    airflow.backfill("nightly", FIRST, LAST, "completed")
    assert dates() == [("completed", "in flight", None, None, None)] * 3


def test_no_backfill_at_all(airflow: Installation, dates: Callable) -> None:
    finish(airflow.scheduler())
    assert dates() == []


def test_a_pause_keeps_queued_runs_queued(airflow: Installation, dates: Callable) -> None:
    scheduler = airflow.scheduler()
    finish(scheduler)
    airflow.backfill("nightly", FIRST, LAST, "completed")
    change(airflow, "backfill set is_paused = true")
    finish(scheduler)
    assert dates() == [("completed", None, "scheduled", "queued", 1)] * 3


def test_the_first_attempts_are_kept(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    scheduler = airflow.scheduler()
    finish(scheduler)
    assert ask(page.code(number=1)) == []
    airflow.backfill("nightly", FIRST, LAST, "completed")
    finish(scheduler)
    loads = [row[2:4] for row in ask(page.code(number=1)) if row[1] == "load_orders"]
    assert loads == [(1, "success")] * 3


def test_a_dry_run_lists_the_failed_night_only(page: StagedPage, airflow: Installation) -> None:
    work(airflow.scheduler(), lambda key: key.task_id == "notify" and NIGHTS[1] in key.run_id)
    said = run(page.code("fix"))
    rows = [line for line in said.splitlines() if line.startswith("| ")]
    assert [night for night in NIGHTS if any(night in row for row in rows)] == [NIGHTS[1]]
