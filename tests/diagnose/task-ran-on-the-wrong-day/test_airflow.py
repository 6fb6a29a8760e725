from collections.abc import Callable
from datetime import timedelta

import pytest

from testbed.airflow.installation import Installation, installation
from tests.diagnose.staging.airflow import LAST, finish
from tests.diagnose.staging.page import COMPANY, StagedPage

DAGS = "every_night_airflow.py"


@pytest.fixture
def days(page: StagedPage) -> Callable[[Installation], list[tuple]]:
    """Let the nights run, and ask which day each was for."""

    def read(airflow: Installation) -> list[tuple]:
        finish(airflow.scheduler())
        runs = airflow.rows(
            "select run_id from dag_run where dag_id = 'nightly' order by run_after"
        )
        return [airflow.rows(page.code().replace("<run id>", run_id))[0] for (run_id,) in runs]

    return read


def test_a_cron_string_is_a_point(page: StagedPage, airflow: Installation, days: Callable) -> None:
    page.says("A start that equals the end is an interval of no length.")
    assert days(airflow)[-1][:4] == ("scheduled", LAST, LAST, LAST)


def test_by_hand_there_is_no_day(page: StagedPage, airflow: Installation, days: Callable) -> None:
    page.says("No date at all is a run by hand or by an asset")
    airflow.create_run("nightly", None, "by_hand")
    assert days(airflow)[-1][:4] == ("manual", None, None, None)


def test_with_the_old_switch_there_is_an_interval(page: StagedPage, days: Callable) -> None:
    page.says("unless `create_cron_data_intervals` is set")
    options = {"core__dags_folder": COMPANY / DAGS, "scheduler__create_cron_data_intervals": True}
    with installation(**options) as airflow:
        _, day, start, end, started = days(airflow)[0]
    assert (start, end) == (day, day + timedelta(days=1))
    assert started > end
