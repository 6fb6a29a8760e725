from collections.abc import Callable

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler
from tests.diagnose.staging.airflow import fail_what_runs, fall_silent, finish
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import Worker

DAGS = "every_night_airflow.py"


def events(page: StagedPage, ask: Callable) -> list[str]:
    return [event for _, _, event, _ in ask(page.code().replace("<run id>", "night"))]


def begun(airflow: Installation) -> Scheduler:
    """Send the load of a night to its worker."""
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    return scheduler


def test_the_worker_was_lost(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    scheduler = begun(airflow)
    fail_what_runs(scheduler)
    scheduler.tick()
    assert events(page, ask) == ["state mismatch", "failed"]


def test_the_heartbeat_was_late(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    fall_silent(airflow, begun(airflow))
    page.says(
        "After a `heartbeat timeout` or a `state mismatch` it is the verdict of the scheduler"
    )
    assert events(page, ask) == ["running", "heartbeat timeout", "state mismatch", "failed"]


def test_the_task_itself_failed(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    page.says("A `failed` alone comes from the task itself.")
    scheduler, worker = begun(airflow), Worker(airflow)
    for key in sorted(scheduler.executor.running):
        worker.start(key)
        end = worker.fail if key.run_id == "night" else worker.succeed
        end(key)
    assert events(page, ask) == ["running", "failed"]


def test_it_never_began(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    scheduler = begun(airflow)
    for _ in range(3):
        airflow.later(minutes=11)
        scheduler.check_queued()
        scheduler.tick()
    assert events(page, ask) == ["stuck in queued tries exceeded"]


def test_a_good_night(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    finish(begun(airflow))
    assert events(page, ask) == []
