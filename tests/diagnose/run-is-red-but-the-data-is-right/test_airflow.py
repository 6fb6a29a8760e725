from collections.abc import Callable

import pytest

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import fail_what_runs, fall_silent, finish
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import Worker

DAGS = "every_night_airflow.py"


LISTED = {"running", "success", "failed", "heartbeat timeout", "state mismatch"}
LISTED |= {"stuck in queued tries exceeded"}


@pytest.fixture
def events(page: StagedPage, ask: Callable, api: dict[str, str]) -> Callable[[], list[str]]:
    """Ask as the page does, by the query and by the request."""

    def read() -> list[str]:
        rows = ask(page.code("check", 1).replace("<run id>", "night"))
        found = [event for _, _, event, _ in rows]
        lines = shell.run(page.code(), RUN_ID="night", **api).splitlines()
        listed = [line.split("\t")[2] for line in lines]
        assert [event for event in listed if event in LISTED] == found
        return found

    return read


def begun(airflow: Installation) -> Scheduler:
    """Send the load of a night to its worker."""
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    return scheduler


def test_the_worker_was_lost(page: StagedPage, airflow: Installation, events: Callable) -> None:
    scheduler = begun(airflow)
    fail_what_runs(scheduler)
    scheduler.tick()
    assert events() == ["state mismatch", "failed"]


def test_the_heartbeat_was_late(page: StagedPage, airflow: Installation, events: Callable) -> None:
    fall_silent(airflow, begun(airflow))
    page.says(
        "After a `heartbeat timeout` or a `state mismatch` it is the verdict of the scheduler"
    )
    assert events() == ["running", "heartbeat timeout", "state mismatch", "failed"]


def test_the_task_itself_failed(page: StagedPage, airflow: Installation, events: Callable) -> None:
    page.says("A `failed` alone comes from the task itself.")
    scheduler, worker = begun(airflow), Worker(airflow)
    for key in sorted(scheduler.executor.running):
        worker.start(key)
        end = worker.fail if key.run_id == "night" else worker.succeed
        end(key)
    assert events() == ["running", "failed"]


def test_it_never_began(page: StagedPage, airflow: Installation, events: Callable) -> None:
    page.says("After `stuck in queued tries exceeded` it never began")
    scheduler = begun(airflow)
    for _ in range(3):
        airflow.later(minutes=11)
        scheduler.check_queued()
        scheduler.tick()
    assert events() == ["stuck in queued tries exceeded"]


def test_a_good_night(page: StagedPage, airflow: Installation, events: Callable) -> None:
    finish(begun(airflow))
    assert events() == []
