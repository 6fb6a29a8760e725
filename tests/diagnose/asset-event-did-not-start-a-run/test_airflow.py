from collections.abc import Callable

import pytest
from airflow.assets.manager import asset_manager
from airflow.models import DagModel
from airflow.models.asset import AssetModel, remove_references_to_deleted_dags
from sqlalchemy import select

from testbed.airflow.installation import Installation
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import BUNDLE, change, finish
from tests.diagnose.staging.page import StagedPage

DAGS = "every_night_airflow.py"


@pytest.fixture
def events(page: StagedPage, ask: Callable, api: dict[str, str]) -> Callable[..., list[tuple]]:
    """Ask the page's query: asset, whether there is an event, was told, waits, and paused.

    The requests have to say the same.
    """

    def read(dag: str = "publish") -> list[tuple]:
        found = ask(page.code("check", 1).replace("'publish'", f"'{dag}'"))
        rows = [
            (name, event is not None, bool(told), bool(waits), paused)
            for name, event, _, told, waits, paused in found
        ]
        assert sorted(asked(page, api, dag)) == sorted(rows)
        return rows

    return read


def asked(page: StagedPage, api: dict[str, str], dag: str) -> list[tuple]:
    """Return what the page's commands say, as the query has it."""
    code = page.code().replace("dag=publish", f"dag={dag}")
    paused, *lines = shell.run(code, **api).splitlines()
    names = dict(line[len("asset ") :].split(" is ") for line in lines if line[:6] == "asset ")
    rows = [line.split("\t") for line in lines if line[:6] != "asset "]
    waiting = {asset for asset, _, what in rows if what == "is waiting"}
    seen = [(asset, what != "not told") for asset, _, what in rows if what != "is waiting"]
    some = [(asset, True, told) for asset, told in seen]
    none = [(asset, False, False) for asset in set(names) - {asset for asset, _ in seen}]
    switch = paused == "paused\ttrue"
    return [(names[one], *event, one in waiting, switch) for one, *event in some + none]


def test_no_event(page: StagedPage, airflow: Installation, events: Callable) -> None:
    page.says("**An asset without an event.** The producer never said so.")
    assert events() == [("raw_orders", False, False, False, False)]


def test_the_consumer_was_started(
    page: StagedPage, airflow: Installation, events: Callable
) -> None:
    page.says("**`told` a run.** The consumer was started.")
    airflow.create_event("raw_orders")
    finish(airflow.scheduler())
    assert events() == [("raw_orders", True, True, False, False)]


def test_the_event_waits_for_another_asset(airflow: Installation, events: Callable) -> None:
    airflow.create_event("raw_orders")
    finish(airflow.scheduler())
    found = events("publish_both")
    assert sorted(found) == [
        ("rates", False, False, False, False),
        ("raw_orders", True, False, True, False),
    ]


@pytest.mark.parametrize("hindrance", ["is_paused = true", "max_active_runs = 1"])
def test_an_event_waits_for_the_dag_itself(
    airflow: Installation, events: Callable, hindrance: str
) -> None:
    airflow.create_run("publish", None, "under_way")
    airflow.create_event("raw_orders")
    change(airflow, f"dag set {hindrance} where dag_id = 'publish'")
    scheduler = airflow.scheduler()
    scheduler.tick()
    assert events() == [("raw_orders", True, False, True, "is_paused" in hindrance)]
    change(airflow, "dag set is_paused = false, max_active_runs = 16 where dag_id = 'publish'")
    finish(scheduler)
    assert events() == [("raw_orders", True, True, False, False)]


def test_nothing_is_listed_for_a_dag_that_names_no_asset(
    airflow: Installation, events: Callable
) -> None:
    airflow.create_event("raw_orders")
    assert events("nightly") == []


def test_an_event_from_before_the_schedule_is_told_to_nobody(
    airflow: Installation, events: Callable
) -> None:
    airflow.create_event("raw_orders")
    change(airflow, "asset_event set timestamp = now() - interval '1 day'")
    airflow.rows("delete from asset_dag_run_queue returning 1")
    airflow.create_event("raw_orders")
    finish(airflow.scheduler())
    assert [told for _, _, told, *_ in events()] == [True, False]


def test_an_event_with_a_partition_key_queues_no_ordinary_dag(
    airflow: Installation, events: Callable
) -> None:
    with airflow.session() as session:
        asset = session.scalars(select(AssetModel).where(AssetModel.name == "raw_orders")).one()
        asset_manager.register_asset_change(
            asset=asset, partition_key="2026-03-13", session=session
        )
    finish(airflow.scheduler())
    assert events() == [("raw_orders", True, False, False, False)]


def test_the_dag_was_paused(airflow: Installation, events: Callable) -> None:
    change(airflow, "dag set is_paused = true where dag_id = 'publish'")
    airflow.create_event("raw_orders")
    finish(airflow.scheduler())
    assert events() == [("raw_orders", True, False, False, True)]
    change(airflow, "dag set is_paused = false where dag_id = 'publish'")
    finish(airflow.scheduler())
    assert events() == [("raw_orders", True, False, False, False)]


def test_an_event_while_the_file_had_an_error_is_not_queued(
    page: StagedPage, airflow: Installation, events: Callable
) -> None:
    page.says("had an error then, so that nothing was queued for it")
    DagModel.deactivate_deleted_dags(BUNDLE, [])  # as the Dag processor does at each refresh
    with airflow.session() as session:
        remove_references_to_deleted_dags(session)
    airflow.create_event("raw_orders")
    airflow.parse()
    finish(airflow.scheduler())
    assert events() == [("raw_orders", True, False, False, False)]


def test_without_its_serialized_row_it_waits(
    page: StagedPage, airflow: Installation, events: Callable
) -> None:
    page.says("In 3.3.2 the scheduler waits for the row.")
    airflow.create_event("raw_orders")
    # A migration empties this table, and the Dag processor fills it again; here nobody has yet.
    airflow.rows("delete from serialized_dag where dag_id like 'publish%' returning 1")
    airflow.scheduler().tick()
    assert airflow.states("dag_run", "dag_id = 'publish'") == {}


def test_a_lost_wake_up_and_the_event_that_mends_it(
    airflow: Installation, events: Callable
) -> None:
    for _ in range(5):
        airflow.create_event("raw_orders")
    scheduler = airflow.scheduler()
    finish(scheduler)
    lost, told = ("raw_orders", True, False, False, False), ("raw_orders", True, True, False, False)
    assert events() == [lost, lost, lost, lost, told]
    airflow.create_run("publish", None, "by_hand")
    finish(scheduler)
    assert events() == [lost, lost, lost, lost, told]  # a run by hand is told of nothing
    airflow.create_event("raw_orders")
    finish(scheduler)
    assert set(events()) == {told}
