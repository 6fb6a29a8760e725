import json
import runpy
from types import ModuleType

from testbed.sandbox import SNIPPETS

CHAPTER = SNIPPETS / "dags-tasks-and-the-scheduler-loop/what-a-dag-promises"


def revenue_after_rates(program: ModuleType, night: str) -> float:
    times = program.run_night(program.NIGHTS[night])
    return times[program.REVENUE][0] - times[program.RATES][1]


def test_bug_is_real(program: ModuleType) -> None:
    assert -2 <= revenue_after_rates(program, "Sat 21") < -1.5, "revenue began 2 minutes early"


def test_fix_holds(program: ModuleType) -> None:
    """The slow load of Friday is no fix, and it held for two years."""
    assert 8 <= revenue_after_rates(program, "Fri 20") < 8.5


def test_the_picture_is_of_the_chapters_graph(program: ModuleType) -> None:
    """Both nights ran on its arrows, and the drawn ones follow the path between two lanes."""
    arrows = {(up, task) for task, ups in program.UPSTREAM.items() for up in ups}
    chapter = runpy.run_path(str(CHAPTER / "hidden_edge.py"))
    assert arrows == set(chapter["BEFORE"])
    [run] = json.loads((CHAPTER / "two_nights.json").read_text())["runs"]
    lanes = [
        (program.lane(night, program.ORDERS), program.lane(night, program.REVENUE))
        for night in program.NIGHTS
    ]
    assert [(one["start"][0], one["end"][0]) for one in run["arrows"]] == lanes
    assert {(program.ORDERS, "stg_orders"), ("stg_orders", program.REVENUE)} <= arrows


def test_a_normal_night_is_the_shops(program: ModuleType) -> None:
    times = program.run_night(program.NIGHTS["Fri 20"])
    ends = {task: program.clock(end) for task, (_, end) in times.items()}
    assert ends == {
        "load_orders": "03:23",
        "load_rates": "03:16",
        "stg_orders": "03:24",
        "fct_costs_daily": "03:17",
        "fct_revenue_daily": "03:25",
        "publish_dashboard": "03:25",
    }
    assert {start for task, (start, _) in times.items() if task.startswith("load_")} == {0}


def test_saturday_is_over_eight_minutes_earlier(program: ModuleType) -> None:
    ends = [
        max(end for _, end in program.run_night(one).values()) for one in program.NIGHTS.values()
    ]
    assert [program.clock(end) for end in ends] == ["03:25", "03:17"]


def test_the_night_of_the_page_adds_up() -> None:
    orders, revenue, files = 18_239, 419_206, 11
    assert [round(2 * of / files) for of in (orders, revenue)] == [3_316, 76_219]
    assert revenue - 76_219 == 342_987
    assert round(100 * (1 - 342_987 / 406_840)) == 16
