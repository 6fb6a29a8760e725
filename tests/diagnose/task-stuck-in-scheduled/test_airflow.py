from collections.abc import Callable, Iterator

import pytest

from testbed.airflow.installation import Installation, installation
from testbed.airflow.scheduler import Scheduler
from tests.diagnose.staging import shell
from tests.diagnose.staging.page import COMPANY, StagedPage
from tests.diagnose.staging.servers import Worker, click
from tests.words import page_at

CROWDED = COMPANY / "crowded_night_airflow.py"
Api = dict[str, str]
COUNT_DEFERRED = {"pool": "partner_api", "slots": 3, "include_deferred": True}


def waiting(ask: Callable, page: StagedPage) -> list[dict[str, object]]:
    names = ("dag", "run", "is_paused", "waiting", "weight", "needs", "run_has", "run_may")
    names += ("pool", "pool_has", "pool_may")
    return [dict(zip(names, row, strict=True)) for row in ask(page.code("check", 1))]


def asked(page: StagedPage, api: Api, dag: str) -> dict[str, str | None]:
    """Return what the page's commands say of the group that waits, of its Dag and of its pool."""
    code = page.code().replace("dags/nightly", f"dags/{dag}")
    lines = [line.split("\t") for line in shell.run(code, **api).splitlines()]
    (group,) = [line for line in lines if line[2] == "waiting"]
    limits = [line for line in lines if line[0] == dag and line is not group]
    pools = [line for line in lines if line[0] == group[11]] or [[None] * 5]
    said = dict(zip(group[2:10:2], group[3:10:2], strict=True))
    said |= {"is_paused": limits[0][2], "run may": limits[0][4]}
    return said | {"pool": group[11], "pool has": pools[0][2], "pool may": pools[0][4]}


def test_the_run_is_full(page: StagedPage, airflow: Installation, ask: Callable, api: Api) -> None:
    page.says("**`run has` has reached `run may`.** The run has its `max_active_tasks` under way.")
    airflow.create_run("load_regions", None, "night")
    airflow.scheduler().tick()
    (row,) = waiting(ask, page)
    assert (row["waiting"], row["run_has"], row["run_may"]) == (2, 2, 2)
    assert row["pool_has"] < row["pool_may"]
    said = asked(page, api, "load_regions")
    assert (said["waiting"], said["run has"], said["run may"]) == ("2", "2", "2")
    assert (said["pool has"], said["pool may"], said["needs"]) == ("2", "128", "1")
    assert said["weight"] == str(row["weight"])


def test_another_run_of_the_dag_is_not_counted(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    for night in ("first", "second"):
        airflow.create_run("load_regions", None, night)
    airflow.scheduler().tick()
    found = {row["run"]: (row["run_has"], row["run_may"]) for row in waiting(ask, page)}
    assert found == {"first": (2, 2), "second": (2, 2)}


def test_it_is_paused(page: StagedPage, airflow: Installation, ask: Callable, api: Api) -> None:
    page.says("**`paused` is true.** Nothing of a paused Dag is queued")
    airflow.create_run("nightly", None, "night")
    airflow.create_pool("default_pool", 0)
    scheduler = airflow.scheduler()
    scheduler.tick()
    airflow.create_pool("default_pool", 3)
    airflow.pause("nightly")
    scheduler.tick()
    (row,) = waiting(ask, page)
    assert (row["is_paused"], row["pool_has"], row["pool_may"]) == (True, 0, 3)
    assert asked(page, api, "nightly")["is_paused"] == "true"


def test_the_pool_is_full(page: StagedPage, airflow: Installation, ask: Callable, api: Api) -> None:
    page.says("**`pool has` has reached `pool may`.** The pool is full.")
    airflow.create_pool("partner_api", 3)
    for dag_id in ("load_partners", "nightly"):
        airflow.create_run(dag_id, None, "night")
    airflow.scheduler().tick()
    (row,) = waiting(ask, page)
    assert (row["waiting"], row["pool_has"], row["pool_may"]) == (1, 3, 3)
    assert row["run_has"] < row["run_may"]
    said = asked(page, api, "load_partners")
    assert (said["waiting"], said["pool has"], said["pool may"]) == ("1", "3", "3")


def test_what_a_task_holds_in_its_pool(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    airflow.create_pool("partner_api", 3)
    airflow.create_run("load_partners", None, "night")
    scheduler, worker = airflow.scheduler(), Worker(airflow)
    scheduler.tick()
    first = min(scheduler.executor.running)
    worker.start(first)
    worker.defer(first)
    assert waiting(ask, page)[0]["pool_has"] == 2
    click("PATCH", "pools/partner_api?update_mask=include_deferred", **COUNT_DEFERRED)
    assert waiting(ask, page)[0]["pool_has"] == 3


def test_a_task_may_hold_several_slots(page: StagedPage) -> None:
    with installation(core__dags_folder=CROWDED) as airflow:
        airflow.create_pool("partner_api", 7)
        airflow.create_run("load_in_bulk", None, "night")
        airflow.scheduler().tick()
        (row,) = waiting(airflow.rows, page)
    assert (row["waiting"], row["needs"], row["pool_has"]) == (2, 3, 6)


def test_the_pool_does_not_exist(
    page: StagedPage, airflow: Installation, ask: Callable, api: Api
) -> None:
    page.says("**No such pool.** The pool does not exist.")
    airflow.create_run("load_partners", None, "night")
    airflow.scheduler().tick()
    (row,) = waiting(ask, page)
    assert (row["waiting"], row["pool_may"]) == (4, None)
    said = asked(page, api, "load_partners")
    assert (said["waiting"], said["pool"], said["pool may"]) == ("4", "partner_api", None)


def test_one_task_wants_more_than_there_is(page: StagedPage) -> None:
    page.says(
        "**`needs` is greater than `pool may`.** One task wants more slots than the pool has."
    )
    with installation(core__dags_folder=CROWDED) as airflow:
        airflow.create_pool("partner_api", 2)
        airflow.create_run("load_in_bulk", None, "night")
        scheduler = airflow.scheduler()
        for _ in range(3):
            scheduler.tick()
        (row,) = waiting(airflow.rows, page)
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


def crowd(airflow: Installation) -> Scheduler:
    """Let tasks of a small pool wait before five that have a pool to themselves."""
    airflow.create_pool("partner_api", 3)
    for dag_id in ("load_partners", "nightly"):
        airflow.create_run(dag_id, None, "night")
    return airflow.scheduler()


def turns(scheduler: Scheduler, number: int) -> set[str]:
    """Name the Dags of which tasks were sent in so many turns; all that run end in between."""
    before = len(scheduler.executor.sent)
    for _ in range(number):
        scheduler.tick()
        scheduler.executor.run_tasks(lambda key: None)
    return {key.dag_id for key in scheduler.executor.sent[before:]}


@pytest.fixture
def crowded() -> Iterator[Installation]:
    with installation(core__dags_folder=CROWDED) as airflow:
        yield airflow


def test_a_higher_weight_in_another_pool_crowds_them_out(
    page: StagedPage, crowded: Installation
) -> None:
    page.says(
        "**Room in both, and other groups of a higher `weight` have 16 tasks or more waiting.**"
    )
    page.says("One turn looks at `max_tis_per_query` tasks (16) by weight")
    page_at("glossary/priority-weight.md").says(
        "while more than 16 tasks of a higher weight wait for a busy pool, Airflow may leave "
        "a free pool idle"
    )
    scheduler = crowd(crowded)
    assert turns(scheduler, 12) == {"load_partners"}
    rows = {row["dag"]: row for row in waiting(crowded.rows, page)}
    mine, theirs = rows["nightly"], rows["load_partners"]
    assert (mine["waiting"], mine["run_has"], mine["pool_has"]) == (5, 0, 0)
    assert theirs["weight"] > mine["weight"]
    assert theirs["waiting"] > 16


def test_to_pause_them_for_a_turn_lets_mine_through(
    page: StagedPage, crowded: Installation
) -> None:
    page.says("pause their Dag until yours are `queued`: what runs of it goes on")
    scheduler = crowd(crowded)
    turns(scheduler, 2)
    scheduler.tick()
    click("PATCH", "dags/load_partners", is_paused=True)
    assert turns(scheduler, 1) == {"nightly"}
    theirs = "dag_id = 'load_partners' and state = 'success'"
    assert crowded.states("task_instance", theirs) == {"success": 9}


def test_a_full_pool_crowds_nobody_out(page: StagedPage, crowded: Installation) -> None:
    page.says("nothing below them is queued until their pool is full for a turn")
    scheduler = crowd(crowded)
    scheduler.tick()
    scheduler.tick()
    assert {key.dag_id for key in scheduler.executor.sent} == {"load_partners", "nightly"}


def test_a_look_that_is_longer_than_the_queue_reaches_mine(page: StagedPage) -> None:
    page.says(
        "Set that option above their number, or to 0 for as many as the executor has room for"
    )
    for setting, room in ((61, 100), (0, 100), (0, 32)):
        options = {"scheduler__max_tis_per_query": setting}
        with installation(core__dags_folder=CROWDED, **options) as airflow:
            crowd(airflow)
            sent = turns(airflow.scheduler(parallelism=room), 1)
        assert ("nightly" in sent) is (room > 60)
