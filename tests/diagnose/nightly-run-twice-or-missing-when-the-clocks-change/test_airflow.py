from collections.abc import Callable
from datetime import UTC, datetime

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import finish
from tests.diagnose.staging.page import StagedPage

DAGS = "two_half_past_twos_airflow.py"
WEEKEND = [
    ("24 00:30", "scheduled", "success"),
    ("25 01:30", "scheduled", "success"),
    ("26 01:30", "scheduled", "success"),
]
BY_HAND = ("25 00:30", "manual", "success")


def weekend(page: StagedPage, ask: Callable) -> list[tuple]:
    return [(f"{due:%d %H:%M}", *rest) for due, *rest in ask(page.code())]


def test_one_run_a_day_and_a_hand_is_told(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    scheduler = airflow.scheduler()
    finish(scheduler)
    airflow.create_run("nightly", datetime(2026, 10, 23, 0, 30, tzinfo=UTC), "the_day_before")
    assert weekend(page, ask) == WEEKEND
    airflow.create_run("nightly", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "by_hand")
    finish(scheduler)
    assert weekend(page, ask) == [WEEKEND[0], BY_HAND, *WEEKEND[1:]]
