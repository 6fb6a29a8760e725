from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from testbed.airflow.installation import Installation, installation
from tests.diagnose.staging import shell
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import click

SOURCE = """from datetime import UTC, datetime

from airflow.sdk import dag, task


@dag(schedule="{minute} {hour} * * *", start_date=datetime(2026, 3, 1, tzinfo=UTC))
def nightly():
    @task
    def load_orders():
        pass

    load_orders()


nightly()
"""
Api = dict[str, str]


def due(folder: Path, minutes_ago: int) -> None:
    """Have the Dag run daily, at a time that has passed: the database has its own clock."""
    when = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    (folder / "nightly.py").write_text(SOURCE.format(minute=when.minute, hour=when.hour))


@pytest.fixture
def airflow(sandbox: Path, tmp_path: Path) -> Iterator[Installation]:
    """An Airflow with a daily Dag that was due an hour ago."""
    due(tmp_path, 60)
    with installation(core__dags_folder=tmp_path) as airflow:
        yield airflow


def asked(page: StagedPage, api: Api) -> list[list[str]]:
    """Return what the page's command prints: the runs, the newest first."""
    return [line.split("\t") for line in shell.run(page.code(), **api).splitlines()]


def test_the_hour_was_moved_forward(
    page: StagedPage, airflow: Installation, api: Api, tmp_path: Path
) -> None:
    page.says("**Airflow: two `scheduled` runs of different versions, due at different times.**")
    page.says("`catchup=False` does not prevent that")
    scheduler = airflow.scheduler()
    scheduler.tick()
    ((kind, by, first, _, version),) = asked(page, api)
    assert (kind, by, version) == ("scheduled", "timetable", "version 1")
    due(tmp_path, 30)
    airflow.parse()
    scheduler.tick()
    (kind, by, second, _, version), _ = asked(page, api)
    assert (kind, by, version) == ("scheduled", "timetable", "version 2")
    assert datetime.fromisoformat(second) - datetime.fromisoformat(first) == timedelta(minutes=30)


def test_the_hour_was_moved_back(
    page: StagedPage, airflow: Installation, api: Api, tmp_path: Path
) -> None:
    page.says("Moving the hour back makes no second run.")
    scheduler = airflow.scheduler()
    scheduler.tick()
    due(tmp_path, 90)
    airflow.parse()
    scheduler.tick()
    assert len(asked(page, api)) == 1


def test_a_paused_dag_was_triggered_and_switched_on(
    page: StagedPage, airflow: Installation, api: Api
) -> None:
    page.says("**Airflow: one `manual`, one `scheduled`, seconds apart.**")
    airflow.pause("nightly")
    scheduler = airflow.scheduler()
    scheduler.tick()
    assert asked(page, api) == []
    click("POST", "dags/nightly/dagRuns", logical_date=None)
    click("PATCH", "dags/nightly", is_paused=False)
    scheduler.tick()
    assert [line[:2] for line in asked(page, api)] == [
        ["scheduled", "timetable"],
        ["manual", "rest_api"],
    ]
