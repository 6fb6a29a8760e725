from collections.abc import Callable

import pytest
from airflow.assets.manager import asset_manager
from airflow.models.asset import AssetModel
from sqlalchemy import select

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import change, finish
from tests.diagnose.staging.page import StagedPage

DAGS = "every_night_airflow.py"


@pytest.fixture
def events(page: StagedPage, ask: Callable) -> Callable[..., list[tuple]]:
    """Ask the page's query: asset, whether there is an event, was told, waits, and paused."""

    def read(dag: str = "publish") -> list[tuple]:
        found = ask(page.code().replace("'publish'", f"'{dag}'"))
        return [
            (name, event is not None, bool(told), bool(waits), paused)
            for name, event, _, told, waits, paused in found
        ]

    return read


def test_no_event(airflow: Installation, events: Callable) -> None:
    assert events() == [("raw_orders", False, False, False, False)]


def test_the_consumer_was_started(airflow: Installation, events: Callable) -> None:
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
