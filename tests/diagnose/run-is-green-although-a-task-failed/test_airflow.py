from collections.abc import Callable

from airflow.api.common.mark_tasks import set_dag_run_state_to_success
from airflow.models import DagRun
from airflow.models.serialized_dag import SerializedDagModel
from sqlalchemy import select

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import finish, work
from tests.diagnose.staging.page import StagedPage

DAGS = "every_night_airflow.py"


def test_nothing_is_told_of_good_nights(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    finish(airflow.scheduler())
    assert ask(page.code()) == []


def test_failures_below_green_runs_are_told(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    airflow.create_run("nightly", None, "night")
    work(airflow.scheduler(), lambda key: key[1:3] == ("fct_revenue_daily", "night"))
    assert ask(page.code()) == [
        ("night", "fct_revenue_daily", "failed"),
        ("night", "send_invoices", "upstream_failed"),
    ]


def test_what_had_failed_stays_failed_in_a_run_set_to_success(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    test_failures_below_green_runs_are_told(page, airflow, ask)
    with airflow.session() as session:
        run = session.scalars(select(DagRun).where(DagRun.run_id == "night")).one()
        run.state = "failed"
    assert ask(page.code()) == []
    with airflow.session() as session:
        dag = SerializedDagModel.get_dag("nightly", session=session)
        set_dag_run_state_to_success(dag=dag, run_id="night", commit=True, session=session)
    assert [task for _, task, _ in ask(page.code())] == ["fct_revenue_daily", "send_invoices"]
