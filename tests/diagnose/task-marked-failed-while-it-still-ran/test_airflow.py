from collections.abc import Callable

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import fail_what_runs, fall_silent
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import Worker


def silence(airflow: Installation, *hosts: str) -> None:
    airflow.create_run("load_regions", None, "night")
    scheduler = airflow.scheduler()
    scheduler.tick()
    for key, host in zip(sorted(scheduler.executor.running), hosts, strict=True):
        Worker(airflow, host).start(key)
    fall_silent(airflow, scheduler)


def seen(ask: Callable, page: StagedPage) -> tuple[int, int, int]:
    rows = ask(page.code())
    return sum(row[1] for row in rows), max(row[2] for row in rows), max(row[4] for row in rows)


def test_on_many_hosts(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    silence(airflow, "worker-0", "worker-1")
    assert seen(ask, page) == (2, 2, 1)


def test_on_one_host(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    silence(airflow, "worker-3", "worker-3")
    assert seen(ask, page) == (2, 1, 1)
    assert ask(page.code())[0][3] == "worker-3"


def test_it_was_no_timeout(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    airflow.create_run("nightly", None, "night")
    scheduler = airflow.scheduler()
    scheduler.tick()
    fail_what_runs(scheduler)
    scheduler.tick()
    assert ask(page.code()) == []
