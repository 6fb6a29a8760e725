from collections.abc import Callable
from datetime import UTC, datetime

from testbed.airflow.installation import Installation
from tests.diagnose.staging.page import StagedPage

NIGHTS = {12: 11, 13: 11, 14: 0}  # of March: minutes


def test_the_fast_night_stands_out(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    scheduler = airflow.scheduler()
    for day, minutes in NIGHTS.items():
        airflow.create_run("nightly", datetime(2026, 3, day, 3, tzinfo=UTC), f"night_{day}")
        scheduler.tick()
        scheduler.executor.run_tasks(lambda key, minutes=minutes: airflow.later(minutes=minutes))
    nights = {
        run: (number, state, seconds // 60) for run, number, state, seconds in ask(page.code())
    }
    assert nights == {
        "night_14": (1, "success", 0),
        "night_13": (1, "success", 11),
        "night_12": (1, "success", 11),
    }
    assert list(nights) == ["night_14", "night_13", "night_12"]
