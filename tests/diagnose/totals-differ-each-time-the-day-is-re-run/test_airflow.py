from collections.abc import Callable

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import FIRST, LAST, deploy, finish
from tests.diagnose.staging.page import StagedPage

DAGS = "every_night_airflow.py"


def attempts(page: StagedPage, ask: Callable) -> list[tuple]:
    """Ask for run, try, version and bundle of the newest attempts."""
    found = ask(page.code())
    assert all(row[2] is not None for row in found)
    return [(run_id[11:21], number, *versions) for run_id, number, _, *versions in found]


def test_the_version_of_each_attempt_is_told(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    scheduler = airflow.scheduler()
    finish(scheduler)
    old = {("2026-03-11", 1, 1, None), ("2026-03-12", 1, 1, None), ("2026-03-13", 1, 1, None)}
    assert set(attempts(page, ask)) == old
    airflow.backfill("nightly", FIRST, LAST, "completed")
    finish(scheduler)
    ((run_id,),) = airflow.rows("select run_id from dag_run where run_id like '%03-13%'")
    deploy(airflow, run_id, 2, "9f1c2d")
    new = {("2026-03-11", 2, 1, None), ("2026-03-12", 2, 1, None), ("2026-03-13", 2, 2, "9f1c2d")}
    assert set(attempts(page, ask)) == old | new
