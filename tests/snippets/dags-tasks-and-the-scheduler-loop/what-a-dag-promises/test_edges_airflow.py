import runpy
from pathlib import Path
from types import ModuleType

from airflow.dag_processing.dagbag import BundleDagBag
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset

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
