import runpy
from types import ModuleType

from tooling.sandbox import SNIPPETS

CHAPTER = runpy.run_path(
    str(SNIPPETS / "dags-tasks-and-the-scheduler-loop/what-a-dag-promises/hidden_edge.py")
)

TABLES = {"load_orders": "raw_orders", "load_rates": "raw_rates", "publish_dashboard": "dashboard"}


def arrows(*more: tuple[str, str]) -> set[str]:
    pairs = (*CHAPTER["ARROWS"], *more)
    return {" -> ".join(TABLES.get(task, task) for task in pair) for pair in pairs}


def test_bug_is_real(program: ModuleType) -> None:
    assert program.edges(program.AS_DRAWN) == arrows()


def test_fix_holds(program: ModuleType) -> None:
    assert program.edges(program.MENDED) == arrows(CHAPTER["MISSING"])
