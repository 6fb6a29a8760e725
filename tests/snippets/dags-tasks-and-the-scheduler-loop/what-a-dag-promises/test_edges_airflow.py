import runpy
from pathlib import Path
from types import ModuleType

from airflow.dag_processing.dagbag import BundleDagBag
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset

from testbed.airflow.bundles import released
from testbed.sandbox import SNIPPETS

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
        in_words = BashOperator(task_id="has_an_f_string", bash_command=f"echo {rates}")
        assert "xcom_pull(task_ids='load_rates'" in in_words.bash_command
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


def test_a_run_from_git_that_is_cleared_has_the_arrow_only_in_the_latest_version(
    program: ModuleType,
) -> None:
    code = Path(program.__file__).read_text()
    pair = ("load_rates", "fct_revenue_daily")
    with released(bundle, f"{code}dag = nightly(with_edge=False)\n") as (airflow, repository):
        scheduler = airflow.scheduler()
        for run in ("own", "latest"):
            airflow.create_run("nightly", None, run)
        while scheduler.tick():
            scheduler.executor.run_tasks(lambda _: None)
        assert airflow.states("dag_run") == {"success": 2}
        repository.release(f"{code}dag = nightly(with_edge=True)\n")
        airflow.parse()
        airflow.clear("nightly", "own", *pair)
        airflow.clear("nightly", "latest", *pair, on_latest_version=True)
        scheduler.tick()
        assert {(key.run_id, key.task_id) for key in scheduler.executor.running} == {
            ("own", "load_rates"),
            ("own", "fct_revenue_daily"),
            ("latest", "load_rates"),
        }
