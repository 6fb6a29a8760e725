from collections.abc import Callable

import pytest

from testbed.airflow.installation import Installation
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import finish, work
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import click

DAGS = "every_night_airflow.py"
BELOW_GREEN = [
    ("night", "fct_revenue_daily", "failed"),
    ("night", "send_invoices", "upstream_failed"),
]


@pytest.fixture
def told(page: StagedPage, ask: Callable, api: dict[str, str]) -> Callable[[], list[tuple]]:
    """Ask as the page does, by the query and by the requests."""

    def read() -> list[tuple]:
        found = ask(page.code("check", 1))
        lines = shell.run(page.code(), **api).splitlines()
        assert sorted(tuple(line.split("\t")) for line in lines) == sorted(found)
        return found

    return read


def test_nothing_is_told_of_good_nights(airflow: Installation, told: Callable) -> None:
    finish(airflow.scheduler())
    assert told() == []


def test_failures_below_green_runs_are_told(
    page: StagedPage, airflow: Installation, told: Callable
) -> None:
    page.says("**The failed task stands before one that always runs.**")
    airflow.create_run("nightly", None, "night")
    work(airflow.scheduler(), lambda key: key[1:3] == ("fct_revenue_daily", "night"))
    assert told() == BELOW_GREEN


def test_what_had_failed_stays_failed_in_a_run_set_to_success(
    page: StagedPage, airflow: Installation, told: Callable
) -> None:
    page.says("**A person set the run to success.** Airflow's audit log has `patch_dag_run` then.")
    page.says("What had failed stays failed")
    test_failures_below_green_runs_are_told(page, airflow, told)
    click("PATCH", "dags/nightly/dagRuns/night", state="failed")
    assert told() == []
    click("PATCH", "dags/nightly/dagRuns/night", state="success")
    assert told() == BELOW_GREEN
    assert airflow.rows("select distinct event from log where event like 'patch%'") == [
        ("patch_dag_run",)
    ]
