from collections.abc import Callable

import pytest
from conftest import Words
from stage_airflow import change, finish

from tooling.airflow_ticks import Installation

DAGS = "every_night_airflow.py"


@pytest.fixture
def events(page: Words, ask: Callable) -> Callable[..., list[tuple]]:
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
