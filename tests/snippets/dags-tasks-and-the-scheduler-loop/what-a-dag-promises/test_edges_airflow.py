import runpy
from types import ModuleType

import pytest
from airflow.sdk.exceptions import AirflowDagCycleException

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


def test_airflow_refuses_a_cycle(program: ModuleType) -> None:
    dag = program.nightly(with_edge=False)
    dag.get_task("publish_dashboard") >> dag.get_task("load_orders")
    with pytest.raises(AirflowDagCycleException):
        dag.check_cycle()
