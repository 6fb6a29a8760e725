from collections.abc import Callable

from airflow.api_fastapi.core_api.routes.public.dags import patch_dag
from airflow.models import Log
from airflow.utils.state import TaskInstanceState

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import record
from tests.diagnose.staging.airflow import change
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_it_runs(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    ((paused, _, *entry),) = ask(page.code())
    assert (paused, set(entry)) == (False, {None})


def test_it_is_new_and_paused(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    ((paused, _, *entry),) = ask(page.code().replace("'nightly'", "'nightly_at_three'"))
    assert (paused, set(entry)) == (True, {None})


def test_a_click_is_told(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    with airflow.session() as session:
        session.add(Log(event=patch_dag.__name__, owner="ann", dag_id="nightly"))
    ((*_, event, owner, _),) = ask(page.code())
    assert (event, owner) == ("patch_dag", "ann")
    run("airflow dags pause nightly --yes")
    assert [row[3] for row in ask(page.code())] == ["cli_dag_pause", "patch_dag"]


def test_somebody_paused_it(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    run("airflow dags pause load_regions --yes")
    assert [row[3] for row in ask(page.code())] == [None]
    run("airflow dags pause nightly --yes")
    (paused, _, _, event, owner, _), *_ = ask(page.code())
    assert (paused, event) == (True, "cli_dag_pause")
    assert owner


def test_airflow_paused_it(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    change(airflow, "dag set is_paused = false where dag_id = 'nightly_at_three'")
    fail_the_run(airflow)
    code = page.code().replace("'nightly'", "'nightly_at_three'")
    (paused, last, _, event, owner, _), *_ = ask(code)
    assert (paused, event, owner) == (True, "paused", "scheduler")
    assert last is not None


def fail_the_run(airflow: Installation) -> None:
    """End the scheduled run's only task in failure, and let the scheduler see it."""
    scheduler = airflow.scheduler()
    scheduler.tick()
    (key,) = scheduler.executor.running
    record(key, TaskInstanceState.FAILED)
    scheduler.executor.change_state(key, TaskInstanceState.FAILED)
    scheduler.tick()
