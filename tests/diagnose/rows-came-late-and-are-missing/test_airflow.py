from collections.abc import Callable

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import finish, work
from tests.diagnose.staging.page import StagedPage

DAGS = "every_night_airflow.py"


def published(page: StagedPage, ask: Callable) -> list[str]:
    found = ask(page.code())
    assert all(end for _, end in found)
    return [run_id[11:21] for run_id, _ in found]


def test_each_day_has_its_time(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    finish(airflow.scheduler())
    assert published(page, ask) == ["2026-03-13", "2026-03-12", "2026-03-11"]


def test_a_day_that_failed_was_not_published(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    failed = "fct_revenue_daily"
    work(airflow.scheduler(), lambda key: key.task_id == failed and "03-13" in key.run_id)
    assert published(page, ask) == ["2026-03-12", "2026-03-11"]
