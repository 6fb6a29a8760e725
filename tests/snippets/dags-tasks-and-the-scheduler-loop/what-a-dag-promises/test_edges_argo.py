import runpy
from types import ModuleType

import pytest

from testbed.argo import problems
from testbed.sandbox import SNIPPETS

CHAPTER = runpy.run_path(
    str(SNIPPETS / "dags-tasks-and-the-scheduler-loop/what-a-dag-promises/hidden_edge.py")
)


def arrows(*more: tuple[str, str]) -> set[str]:
    pairs = (*CHAPTER["ARROWS"], *more)
    return {f"{before} -> {after}".replace("_", "-") for before, after in pairs}


def test_bug_is_real(program: ModuleType) -> None:
    assert program.edges(program.nightly(with_edge=False)) == arrows()


def test_fix_holds(program: ModuleType) -> None:
    assert program.edges(program.nightly(with_edge=True)) == arrows(CHAPTER["MISSING"])


@pytest.mark.parametrize("with_edge", [False, True])
def test_workflow_fits_the_schema(program: ModuleType, with_edge: bool) -> None:
    assert problems(program.nightly(with_edge).to_dict()) == []
