import runpy
from types import ModuleType

import pytest

from testbed.sandbox import SNIPPETS

CHAPTER = SNIPPETS / "dags-tasks-and-the-scheduler-loop/what-a-dag-promises"


def revenue(program: ModuleType, graph: str, minutes: int) -> float:
    return night(program, graph, minutes).revenue


def night(program: ModuleType, graph: str, minutes: int):  # noqa: ANN201 - the program's own class
    return program.run_night(program.GRAPHS[graph], program.USUAL | {program.ORDERS: minutes})


def test_bug_is_real(program: ModuleType) -> None:
    wrong = [n for n in range(1, 13) if revenue(program, "as drawn", n) < 1000]
    assert wrong == [1, 2], "from 3 minutes on the rates are in"


def test_fix_holds(program: ModuleType) -> None:
    for minutes in range(1, 13):
        assert revenue(program, "with the fifth", minutes) == 1000
        for rates in (1, 4, 20):
            took = program.USUAL | {program.ORDERS: minutes, program.RATES: rates}
            assert program.run_night(program.WITH_EDGE, took).revenue == 1000


def test_both_graphs_are_the_chapters(program: ModuleType) -> None:
    chapter = runpy.run_path(str(CHAPTER / "hidden_edge.py"))
    for graph, arrows in (("as drawn", "BEFORE"), ("with the fifth", "AFTER")):
        drawn = {(up, task) for task, ups in program.GRAPHS[graph].items() for up in ups}
        assert drawn == set(chapter[arrows])


@pytest.mark.parametrize("graph", ["as drawn", "with the fifth"])
def test_below_three_minutes_a_faster_load_ends_no_run_sooner(
    program: ModuleType, graph: str
) -> None:
    ends = [program.clock(max(night(program, graph, n).end.values())) for n in (1, 2, 3, 4, 11)]
    assert ends == ["03:17", "03:17", "03:17", "03:18", "03:25"]


def test_the_arrow_delays_revenue_by_two_minutes_and_the_run_by_none(program: ModuleType) -> None:
    one = [night(program, graph, 1) for graph in program.GRAPHS]
    assert [program.clock(night.end[program.REVENUE]) for night in one] == ["03:15", "03:17"]
    assert [program.clock(max(night.end.values())) for night in one] == ["03:17", "03:17"]


def test_the_critical_path_is_the_chain_that_moves_the_end(program: ModuleType) -> None:
    usual = night(program, "as drawn", 11)
    assert usual.path == ["load_orders", "stg_orders", "fct_revenue_daily", "publish_dashboard"]
    for task in program.AS_DRAWN:
        slower = program.USUAL | {task: program.USUAL.get(task, 1) + 1}
        end = max(program.run_night(program.AS_DRAWN, slower).end.values())
        assert (end > max(usual.end.values()) + 0.5) == (task in usual.path)


def test_with_the_rates_first_the_orders_wait_four_minutes(program: ModuleType) -> None:
    rates_first = program.AS_DRAWN | {program.ORDERS: (program.RATES,)}
    slow = program.run_night(rates_first, program.USUAL)
    assert slow.revenue == 1000
    assert program.clock(slow.start[program.ORDERS]) == "03:16"
