from collections.abc import Callable

import pytest
from airflow.jobs.job import Job
from airflow.jobs.triggerer_job_runner import TriggererJobRunner, TriggerRunnerSupervisor
from airflow.models.trigger import Trigger

from testbed.airflow.installation import Installation
from tests.diagnose.staging import shell
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import Worker
from tests.words import page_at


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
    return [row[1:4] + row[5:] for row in ask(page.code("check", 1))]


Api = dict[str, str]


def asked(page: StagedPage, api: Api) -> tuple[dict[str, int], list[int]]:
    """Return what the page's commands say of the default pool: what runs, and the counts."""
    lines = [line.split("\t") for line in shell.run(page.code(), **api).splitlines()]
    mine = [line for line in lines if line[0] == "default_pool"]
    (pool,) = [line for line in mine if "waiting" in line]
    runs = {operator: int(number) for _, operator, number, *_ in mine if operator != pool[1]}
    return runs, [int(pool[place]) for place in (1, 3, 5, 7)]


def test_sensors_hold_it_and_work_waits(
    page: StagedPage, airflow: Installation, ask: Callable, api: Api
) -> None:
    page.says("**Sensors hold the pool, and tasks are waiting.** This is it.")
    night(airflow, "wait_for_partners", "nightly")
    assert held(ask, page) == [(3, "PythonSensor", 3, 0, 1)]
    assert asked(page, api) == ({"PythonSensor": 3}, [3, 3, 0, 1])


def test_sensors_hold_it_and_nothing_waits(
    page: StagedPage, airflow: Installation, ask: Callable, api: Api
) -> None:
    page.says("**Sensors hold the pool, and nothing waits.** They are patient guests.")
    night(airflow, "wait_for_partners")
    airflow.create_pool("partner_api", 1)
    airflow.create_run("load_partners", None, "night")
    airflow.scheduler().tick()
    assert held(ask, page) == [(3, "PythonSensor", 3, 0, 0)]
    assert asked(page, api) == ({"PythonSensor": 3}, [3, 3, 0, 0])


def test_the_workers_are_full_of_sensors(
    page: StagedPage, airflow: Installation, ask: Callable, api: Api
) -> None:
    page.says("**The pool has room, and tasks are waiting or `queued`** (these hold a slot too).")
    night(airflow, "wait_for_partners")
    airflow.create_pool("default_pool", 9)
    airflow.create_run("nightly", None, "night")
    airflow.scheduler().tick()
    assert held(ask, page) == [(9, "PythonSensor", 3, 1, 0)]
    assert asked(page, api) == ({"PythonSensor": 3}, [9, 3, 1, 0])


def test_work_holds_it(page: StagedPage, airflow: Installation, ask: Callable, api: Api) -> None:
    page.says("**Other operators hold it.** Real work fills the pool")
    night(airflow, "nightly", "load_regions", "wait_for_partners")
    rows = {operator: running for _, operator, running, *_ in held(ask, page)}
    assert rows == asked(page, api)[0] == {"_PythonDecoratedOperator": 3}


@pytest.fixture
def waits(airflow: Installation) -> None:
    """Three waits that their tasks have handed over."""
    airflow.create_run("wait_for_partners", None, "night")
    scheduler, worker = airflow.scheduler(), Worker(airflow)
    scheduler.tick()
    for key in scheduler.executor.running:
        worker.start(key)
        worker.defer(key)


def triggerer(capacity: int) -> TriggererJobRunner:
    """Register a triggerer that looks after so many waits."""
    runner = TriggererJobRunner(Job(), capacity)
    runner.job.prepare_for_execution()
    return runner


def taken(runner: TriggererJobRunner) -> int:
    """Let it take what it does at each turn of its loop, and count what it has."""
    threshold = TriggerRunnerSupervisor.health_check_threshold
    Trigger.assign_unassigned(runner.job.id, runner.capacity, threshold)
    return len(Trigger.ids_for_triggerer(runner.job.id))


def test_a_full_triggerer_leaves_waits_to_another(waits: None) -> None:
    page_at("glossary/triggerer.md").says(
        "with 0 on one host, new waits go to another that has room"
    )
    full, other = triggerer(1), triggerer(1000)
    assert (taken(full), taken(full), taken(other)) == (1, 1, 2)


def test_another_triggerer_takes_over_from_one_that_died(
    airflow: Installation, waits: None
) -> None:
    page_at("glossary/triggerer.md").says(
        "Another host takes over the waits of a triggerer that has sent no heartbeat for 30 s"
    )
    dead = triggerer(1000)
    assert (taken(dead), taken(triggerer(1000))) == (3, 0)
    airflow.later(seconds=40)
    assert taken(triggerer(1000)) == 3
