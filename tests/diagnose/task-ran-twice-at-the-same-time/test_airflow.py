from collections.abc import Callable
from pathlib import Path

import pytest

from testbed.airflow.installation import Installation, installation
from testbed.airflow.scheduler import Scheduler
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import fail_what_runs, fall_silent, finish
from tests.diagnose.staging.page import COMPANY, StagedPage
from tests.diagnose.staging.servers import Worker, click
from tests.words import page_at

VERDICTS = {"heartbeat timeout", "state mismatch"}
SUBMITTED = COMPANY / "submitted_night_airflow.py"


@pytest.fixture
def scheduler(airflow: Installation) -> Scheduler:
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    return scheduler


@pytest.fixture
def attempts(ask: Callable, page: StagedPage, api: dict[str, str]) -> Callable[[], list[tuple]]:
    """Ask as the page does, by the query and by the requests: run, number, state, verdict."""

    def read() -> list[tuple]:
        rows = ask(page.code("check", 1))
        found = [(run, number, state, why) for run, number, state, *_, why in rows]
        printed = shell.run(page.code(), RUN_ID="night", **api)
        lines = [line.split("\t") for line in printed.splitlines()]
        tries = [(line[0], line[1], line[2]) for line in lines if len(line) == 6]
        of_the_night = [(str(row[1]), row[2], row[3]) for row in rows if row[0] == "night"]
        assert tries == sorted(of_the_night)
        said = {tuple(line) for line in lines if len(line) == 2 and line[1] in VERDICTS}
        verdicts = {(str(number), why) for run, number, _, why in found if run == "night" and why}
        assert verdicts <= said
        assert {number for number, _ in verdicts} == {number for number, _ in said}
        assert {line[0] for line in lines if len(line) == 3} == {run for run, *_ in found}
        return found

    return read


def test_the_first_was_taken_for_dead(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, attempts: Callable
) -> None:
    page.says("with `heartbeat timeout` nothing was heard of it")
    fall_silent(airflow, scheduler)
    finish(scheduler)
    assert attempts() == [
        ("night", 2, "success", None),
        ("night", 1, "failed", "heartbeat timeout"),
    ]


def test_the_executor_reported_its_end(
    page: StagedPage, scheduler: Scheduler, attempts: Callable
) -> None:
    page.says("with `state mismatch` the executor reported its end")
    fail_what_runs(scheduler)
    finish(scheduler)
    assert attempts() == [
        ("night", 2, "success", None),
        ("night", 1, "failed", "state mismatch"),
    ]


def test_another_scheduler_reset_it(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, attempts: Callable
) -> None:
    page.says("Another scheduler reset it and logged `Reset the following`")
    for key in scheduler.executor.running:
        scheduler.executor.start_task(key)
    airflow.later(seconds=40)
    another = airflow.scheduler()
    assert another.start() == 1
    finish(another)
    assert attempts() == [
        ("night", 2, "success", None),
        ("night", 1, "failed", None),
    ]


def test_somebody_cleared_it(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, attempts: Callable
) -> None:
    page.says("**The first try's state is `success`.** Somebody cleared it.")
    finish(scheduler)
    everything = {"dry_run": False, "only_failed": False, "dag_run_id": "night"}
    click("POST", "dags/nightly/clearTaskInstances", **everything)
    finish(scheduler)
    assert attempts() == [
        ("night", 2, "success", None),
        ("night", 1, "success", None),
    ]


def test_the_verdict_on_another_task_is_not_this_one_s(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, attempts: Callable
) -> None:
    for _ in range(3):
        scheduler.executor.run_tasks(lambda key: None)
        scheduler.tick()
    (key,) = scheduler.executor.running
    assert key.task_id == "notify"
    scheduler.executor.lose_task(key)
    scheduler.tick()
    assert attempts() == [("night", 1, "success", None)]


def test_there_were_two_runs(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, attempts: Callable
) -> None:
    page.says("**Two runs whose times overlap.**")
    airflow.create_run("nightly", None, "by_hand")
    finish(scheduler)
    found = attempts()
    assert {run for run, *_ in found} == {"night", "by_hand"}
    assert {why for *_, why in found} == {None}


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """What the other system was asked."""
    monkeypatch.setenv("JOBS", str(tmp_path / "jobs"))
    return tmp_path / "jobs"


def two_attempts(task_id: str) -> None:
    """Run the code of a task of its own Dag file until it has failed twice."""
    with installation(core__dags_folder=SUBMITTED) as airflow:
        scheduler, worker = airflow.scheduler(), Worker(airflow)
        airflow.create_run("nightly", None, "night")
        for _ in range(4):
            scheduler.tick()
            for key in [key for key in scheduler.executor.running if key.task_id == task_id]:
                worker.run(key, SUBMITTED)
                scheduler.executor.change_state(key, "success")
            airflow.later(minutes=21)
            scheduler.runner.check_trigger_timeouts()
        where = f"task_id = '{task_id}'"
        assert airflow.states("task_instance", where) == {"failed": 1}
        assert airflow.rows(f"select try_number from task_instance where {where}") == [(2,)]


@pytest.mark.parametrize("task_id", ["deferred", "watched"])
def test_the_job_of_an_attempt_that_ended_in_its_own_error_lives_on(
    page: StagedPage, jobs: Path, task_id: str
) -> None:
    page.says(
        "If it had handed a job to another system, that job may be running next to the second"
    )
    page.says("3.3.2 calls `on_kill` neither for a deferral's timeout (`TaskDeferralTimeout`)")
    page.says("nor for an error of the client that watches the job")
    page_at("glossary/deferral.md").says(
        "`on_kill` is not called, so a retry may start a second job"
    )
    page_at("diagnose/run-is-red-but-the-data-is-right.md").says(
        "A job that it had handed to another system may still write."
    )
    page_at("diagnose/numbers-doubled-after-a-retry.md").says(
        "One that runs is still writing, and so is a job that an attempt handed over"
    )
    two_attempts(task_id)
    assert jobs.read_text().split() == ["submitted", "submitted"]


def test_an_execution_timeout_ends_the_job(page: StagedPage, jobs: Path) -> None:
    page.says("An `execution_timeout` that strikes on the worker does call it.")
    two_attempts("polled")
    assert jobs.read_text().split() == ["submitted", "ended"] * 2
