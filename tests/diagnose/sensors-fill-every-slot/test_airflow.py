from collections.abc import Callable

from testbed.airflow.installation import Installation
from tests.diagnose.staging.page import StagedPage


def night(airflow: Installation, *dags: str) -> None:
    """Queue and begin what the default pool has room for."""
    airflow.create_pool("default_pool", 3)
    scheduler = airflow.scheduler()
    for dag_id in dags:
        airflow.create_run(dag_id, None, "night")
        scheduler.tick()
        for key in scheduler.executor.sent:
            scheduler.executor.start_task(key)


def held(ask: Callable, page: StagedPage) -> list[tuple]:
    return [row[1:4] + row[5:] for row in ask(page.code())]


def test_sensors_hold_it_and_work_waits(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    night(airflow, "wait_for_partners", "nightly")
    assert held(ask, page) == [(3, "PythonSensor", 3, 0, 1)]


def test_sensors_hold_it_and_nothing_waits(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    night(airflow, "wait_for_partners")
    airflow.create_pool("partner_api", 1)
    airflow.create_run("load_partners", None, "night")
    airflow.scheduler().tick()
    assert held(ask, page) == [(3, "PythonSensor", 3, 0, 0)]


def test_the_workers_are_full_of_sensors(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    night(airflow, "wait_for_partners")
    airflow.create_pool("default_pool", 9)
    airflow.create_run("nightly", None, "night")
    airflow.scheduler().tick()
    assert held(ask, page) == [(9, "PythonSensor", 3, 1, 0)]


def test_work_holds_it(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    night(airflow, "nightly", "load_regions", "wait_for_partners")
    rows = {operator: running for _, operator, running, *_ in held(ask, page)}
    assert rows == {"_PythonDecoratedOperator": 3}
