import runpy
from types import ModuleType

import pytest

from testbed.argo import problems
from testbed.sandbox import SNIPPETS

CHAPTER = runpy.run_path(
    str(SNIPPETS / "dags-tasks-and-the-scheduler-loop/what-a-dag-promises/hidden_edge.py")
)


def arrows(graph: str) -> set[str]:
    return {f"{before} -> {after}".replace("_", "-") for before, after in CHAPTER[graph]}


def test_bug_is_real(program: ModuleType) -> None:
    assert program.edges(program.nightly(program.AS_DRAWN)) == arrows("BEFORE")


def test_fix_holds(program: ModuleType) -> None:
    assert program.edges(program.nightly(program.WITH_EDGE)) == arrows("AFTER")


@pytest.mark.parametrize("revenue", ["AS_DRAWN", "WITH_EDGE"])
def test_workflow_fits_the_schema(program: ModuleType, revenue: str) -> None:
    assert problems(program.nightly(getattr(program, revenue))) == []
