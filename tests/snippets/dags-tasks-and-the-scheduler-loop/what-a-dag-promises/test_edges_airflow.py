import runpy
from pathlib import Path
from types import ModuleType

import pytest
from airflow.dag_processing.dagbag import BundleDagBag
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset

from tooling.airflow_bundles import released
from tooling.airflow_ticks import Scheduler
from tooling.sandbox import SNIPPETS

CHAPTER = runpy.run_path(
    str(SNIPPETS / "dags-tasks-and-the-scheduler-loop/what-a-dag-promises/hidden_edge.py")
)


def arrows(*more: tuple[str, str]) -> set[str]:
    return {f"{before} -> {after}" for before, after in (*CHAPTER["ARROWS"], *more)}


def test_bug_is_real(program: ModuleType) -> None:
    assert program.edges(program.nightly(with_edge=False)) == arrows()


def test_fix_holds(program: ModuleType) -> None:
    assert program.edges(program.nightly(with_edge=True)) == arrows(CHAPTER["MISSING"])


def test_neither_xcom_pull_nor_inlets_and_outlets_draw_an_arrow(program: ModuleType) -> None:
    table = Asset("raw_rates")
    with DAG("nightly", schedule=None) as dag:
        rates = program.load_rates.override(outlets=[table])()
        pulled = "{{ ti.xcom_pull(task_ids='load_rates') }}"
        BashOperator(task_id="pulls", bash_command=pulled, inlets=[table])
        assert program.edges(dag) == set()
        BashOperator(task_id="is_given", bash_command="true", env={"table": rates})
    assert program.edges(dag) == {"load_rates -> is_given"}


CYCLE = """
dag = nightly(with_edge=False)
dag.get_task("publish_dashboard") >> dag.get_task("load_orders")
"""


def test_a_cycle_is_found_when_the_file_is_parsed_and_the_dag_does_not_load(
    program: ModuleType, tmp_path: Path
) -> None:
    good = Path(program.__file__).read_text() + "dag = nightly(with_edge=True)\n"
    (tmp_path / "nightly.py").write_text(good)
    assert list(BundleDagBag(tmp_path, bundle_path=tmp_path).dags) == ["nightly"]
    (tmp_path / "nightly.py").write_text(good + CYCLE)
    bag = BundleDagBag(tmp_path, bundle_path=tmp_path)
    [error] = bag.import_errors.values()
    assert "AirflowDagCycleException: Cycle detected in Dag: nightly" in error
    assert not bag.dags


GIT = "airflow.providers.git.bundles.git.GitDagBundle"


def bundle(repository: Path) -> dict:
    return {"classpath": GIT, "kwargs": {"repo_url": str(repository), "tracking_ref": "main"}}


def finish(scheduler: Scheduler, *tasks: str) -> set[str]:
    """End these tasks, each as it is sent, and name those that are then with the workers."""
    for task in tasks:
        [key] = [key for key in scheduler.executor.running if key.task_id == task]
        scheduler.executor.start_task(key)
        scheduler.executor.finish_task(key)
        scheduler.tick()
    return {key.task_id for key in scheduler.executor.running}


@pytest.mark.parametrize(
    ("latest", "sent"), [(False, {"load_rates", "fct_revenue_daily"}), (True, {"load_rates"})]
)
def test_a_run_from_git_that_is_cleared_has_the_arrow_only_in_the_latest_version(
    program: ModuleType, latest: bool, sent: set[str]
) -> None:
    code = Path(program.__file__).read_text()
    with released(bundle, f"{code}dag = nightly(with_edge=False)\n") as (airflow, repository):
        scheduler = airflow.scheduler()
        airflow.create_run("nightly", None, "Friday")
        scheduler.tick()
        finish(scheduler, "load_orders", "load_rates", "stg_orders", "fct_revenue_daily")
        finish(scheduler, "fct_costs_daily", "publish_dashboard")
        repository.release(f"{code}dag = nightly(with_edge=True)\n")
        airflow.parse()
        airflow.clear("nightly", "Friday", on_latest_version=latest)
        scheduler.tick()
        assert finish(scheduler, "load_orders", "stg_orders") == sent
