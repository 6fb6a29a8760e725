from collections.abc import Callable
from datetime import timedelta

import pytest

from testbed.airflow.installation import Installation, installation
from testbed.airflow.scheduler import Scheduler
from tests.diagnose.staging.airflow import FIRST, LAST, finish, work
from tests.diagnose.staging.page import COMPANY, StagedPage
from tests.diagnose.staging.servers import click
from tests.diagnose.staging.shell import run
from tests.words import page_at

DAGS = "every_night_airflow.py"
DAY = timedelta(days=1)
NIGHTS = ("2026-03-11", "2026-03-12", "2026-03-13")
NIGHT = "scheduled__2026-03-12T03:00:00+00:00"


@pytest.fixture
def dates(page: StagedPage, ask: Callable) -> Callable[[], list[tuple]]:
    """Ask the page's query: setting, reason, the start of the run's id, state, clears."""

    def read() -> list[tuple]:
        return [
            (row[1], row[6], row[7] and row[7].split("__")[0], *row[8:]) for row in ask(page.code())
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
    airflow.create_run("nightly", FIRST, "manual__by_hand")
    airflow.backfill("nightly", FIRST + DAY, LAST, "none")
    finish(scheduler)
    scheduler.runner._mark_backfills_complete()
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
    click("PUT", f"backfills/{newest(airflow)}/pause")
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


def newest(airflow: Installation) -> int:
    return airflow.rows("select max(id) from backfill")[0][0]


def cancelled(airflow: Installation) -> Scheduler:
    """Cancel a backfill that has taken over all three nights and run none of them."""
    scheduler = airflow.scheduler()
    finish(scheduler)
    airflow.backfill("nightly", FIRST, LAST, "completed")
    click("PUT", f"backfills/{newest(airflow)}/cancel")
    return scheduler


def test_cancel_fails_good_runs_of_the_schedule(
    page: StagedPage, airflow: Installation, dates: Callable
) -> None:
    page.says("*cancel* sets the queued runs to failed, good runs of the schedule among them")
    cancelled(airflow)
    assert dates() == [("completed", None, "scheduled", "failed", 1)] * 3


def test_a_run_that_is_cleared_after_the_cancel_never_starts(
    page: StagedPage, airflow: Installation, ask: Callable, dates: Callable
) -> None:
    page.says("a run that is cleared after *cancel* stays queued for good")
    page.says("the API answers `Backfill is already completed`")
    page_at("diagnose/numbers-doubled-after-a-backfill.md").says(
        "*Cancel* sets the queued ones to failed, and none of its runs can be cleared afterwards."
    )
    page_at("diagnose/run-did-not-start-at-its-time.md").says(
        "One that was cleared after its backfill had been cancelled stays `queued` for good."
    )
    page_at("diagnose/task-stuck-in-queued.md").says(
        "If somebody cleared it after its backfill was cancelled, it never will."
    )
    page_at("glossary/clear.md").says(
        "A run of a backfill that was cancelled stays queued for good once it is cleared"
    )
    scheduler = cancelled(airflow)
    airflow.clear("nightly", NIGHT)
    finish(scheduler, ticks=10)
    assert ("completed", None, "scheduled", "queued", 2) in dates()
    page.says("**`queued`, although the backfill has a `completed_at` and `is_paused`.**")
    assert [row[3] is not None and row[4] for row in ask(page.code())] == [True] * 3
    (known,) = click("GET", "backfills?dag_id=nightly")["backfills"]
    assert known["completed_at"]
    assert known["is_paused"] is True
    with pytest.raises(AssertionError, match="Backfill is already completed"):
        click("PUT", f"backfills/{newest(airflow)}/unpause")


def test_nor_does_one_of_a_backfill_that_ended_while_it_was_paused(
    page: StagedPage, airflow: Installation, dates: Callable
) -> None:
    page.says("The same holds if a backfill was paused when its last run ended.")
    scheduler = airflow.scheduler()
    airflow.backfill("nightly", FIRST, LAST, "none")
    scheduler.tick()
    click("PUT", f"backfills/{newest(airflow)}/pause")
    finish(scheduler)
    scheduler.runner._mark_backfills_complete()
    assert {state for *_, state, _ in dates()} == {"success"}
    airflow.clear("nightly", airflow.rows("select min(run_id) from dag_run")[0][0])
    finish(scheduler, ticks=10)
    assert [state for *_, state, _ in dates()].count("queued") == 1


def test_a_new_backfill_takes_it_over_once_it_is_failed(
    page: StagedPage, airflow: Installation, dates: Callable
) -> None:
    page.says("A new backfill takes such a run over if the run is failed")
    scheduler = cancelled(airflow)
    airflow.clear("nightly", NIGHT)
    airflow.backfill("nightly", FIRST, LAST, "failed")
    finish(scheduler)
    assert dates()[:3] == [
        ("failed", None, "scheduled", "success", 2),
        ("failed", "in flight", None, None, None),
        ("failed", None, "scheduled", "success", 2),
    ]
    page.says("Pause the Dag. Mark the run as failed if it was cleared and is `queued`.")
    click("PATCH", "dags/nightly", is_paused=True)
    click("PATCH", f"dags/nightly/dagRuns/{NIGHT}", state="failed")
    scheduler.runner._mark_backfills_complete()
    airflow.backfill("nightly", FIRST + DAY, FIRST + DAY, "failed")
    page.says("Mark as success each task whose rows are right and that may not run twice")
    load = f"dags/nightly/dagRuns/{NIGHT}/taskInstances/load_orders"
    click("PATCH", load, new_state="success")
    before = attempts(airflow)
    click("PATCH", "dags/nightly", is_paused=False)
    finish(scheduler)
    assert dates()[0] == ("failed", None, "scheduled", "success", 3)
    ran = {task for task, number in attempts(airflow).items() if number > before[task]}
    assert ran == {"fct_revenue_daily", "send_invoices", "notify", "load_file"}


def attempts(airflow: Installation) -> dict[str, int]:
    """Count how often each task of the cleared night has begun."""
    began = "select task_id, max(try_number) from task_instance where run_id = :run group by 1"
    return dict(airflow.rows(began, run=NIGHT))
