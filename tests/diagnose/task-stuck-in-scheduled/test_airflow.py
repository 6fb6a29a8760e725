from collections.abc import Callable

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import change
from tests.diagnose.staging.page import StagedPage


def waiting(ask: Callable, page: StagedPage) -> list[dict[str, object]]:
    names = ("dag", "run", "is_paused", "waiting", "needs", "run_has", "run_may")
    names += ("pool", "pool_has", "pool_may")
    return [dict(zip(names, row, strict=True)) for row in ask(page.code())]


def test_the_run_is_full(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    airflow.create_run("load_regions", None, "night")
    airflow.scheduler().tick()
    (row,) = waiting(ask, page)
    assert (row["waiting"], row["run_has"], row["run_may"]) == (2, 2, 2)
    assert row["pool_has"] < row["pool_may"]


def test_another_run_of_the_dag_is_not_counted(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    for night in ("first", "second"):
        airflow.create_run("load_regions", None, night)
    airflow.scheduler().tick()
    found = {row["run"]: (row["run_has"], row["run_may"]) for row in waiting(ask, page)}
    assert found == {"first": (2, 2), "second": (2, 2)}


def test_it_is_paused(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    airflow.create_run("nightly", None, "night")
    airflow.create_pool("default_pool", 0)
    scheduler = airflow.scheduler()
    scheduler.tick()
    airflow.create_pool("default_pool", 3)
    airflow.pause("nightly")
    scheduler.tick()
    (row,) = waiting(ask, page)
    assert (row["is_paused"], row["pool_has"], row["pool_may"]) == (True, 0, 3)


def test_the_pool_is_full(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    airflow.create_pool("partner_api", 3)
    for dag_id in ("load_partners", "nightly"):
        airflow.create_run(dag_id, None, "night")
    airflow.scheduler().tick()
    (row,) = waiting(ask, page)
    assert (row["waiting"], row["pool_has"], row["pool_may"]) == (1, 3, 3)
    assert row["run_has"] < row["run_may"]


def test_what_a_task_holds_in_its_pool(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    airflow.create_pool("partner_api", 3)
    airflow.create_run("load_partners", None, "night")
    airflow.scheduler().tick()
    change(airflow, "task_instance set state = 'deferred' where state = 'queued' and map_index = 0")
    assert waiting(ask, page)[0]["pool_has"] == 2
    change(airflow, "slot_pool set include_deferred = true where pool = 'partner_api'")
    assert waiting(ask, page)[0]["pool_has"] == 3
    change(airflow, "task_instance set pool_slots = 2 where state = 'queued'")
    assert waiting(ask, page)[0]["pool_has"] == 5


def test_the_pool_does_not_exist(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    airflow.create_run("load_partners", None, "night")
    airflow.scheduler().tick()
    (row,) = waiting(ask, page)
    assert (row["waiting"], row["pool_may"]) == (4, None)


def test_one_task_wants_more_than_there_is(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    airflow.create_run("load_partners", None, "night")
    scheduler = airflow.scheduler()
    scheduler.tick()
    change(airflow, "task_instance set pool_slots = 3")
    airflow.create_pool("partner_api", 2)
    for _ in range(2):
        scheduler.tick()
    (row,) = waiting(ask, page)
    assert (row["waiting"], row["needs"], row["pool_has"], row["pool_may"]) == (4, 3, 0, 2)


def test_a_pool_without_limit_holds_nobody(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    airflow.create_pool("partner_api", -1)
    airflow.create_run("load_partners", None, "night")
    airflow.scheduler().tick()
    assert waiting(ask, page) == []


def test_parallelism_leaves_room_in_both(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    airflow.create_run("load_regions", None, "night")
    airflow.scheduler(parallelism=1).tick()
    (row,) = waiting(ask, page)
    assert row["run_has"] < row["run_may"]
    assert row["pool_has"] < row["pool_may"]
