from collections.abc import Callable

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import deploy, finish
from tests.diagnose.staging.page import StagedPage

DAGS = "every_night_airflow.py"


def test_the_night_of_a_deployment_is_told(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    finish(airflow.scheduler())
    assert [row[2:] for row in ask(page.code())] == [(1, None)] * 3
    ((run_id,),) = airflow.rows("select run_id from dag_run where run_id like '%03-13%'")
    deploy(airflow, run_id, 2, "9f1c2d")
    assert [row[2:] for row in ask(page.code())] == [(2, "9f1c2d"), (1, None), (1, None)]
