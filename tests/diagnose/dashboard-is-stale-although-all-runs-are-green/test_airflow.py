from collections.abc import Callable

import pytest

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import LAST, change, finish
from tests.diagnose.staging.page import StagedPage

DAGS = "every_night_airflow.py"
COLUMNS = ("is_paused", "is_stale", "has_import_errors")


def test_a_schedule_that_runs(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    (due,) = ask(page.code())
    assert (due[:3], due[5]) == ((False, False, False), None)
    assert due[4] < due[3]  # a run that is due, and nobody has created
    finish(airflow.scheduler())
    (done,) = ask(page.code())
    assert (done[4], done[5]) == (None, LAST)


@pytest.mark.parametrize("column", COLUMNS)
def test_each_of_the_three_stops_the_schedule(
    page: StagedPage, airflow: Installation, ask: Callable, column: str
) -> None:
    change(airflow, f"dag set {column} = true where dag_id = 'nightly'")
    finish(airflow.scheduler())
    (found,) = ask(page.code())
    assert found[:3] == tuple(column == each for each in COLUMNS)
    assert found[5] is None
