from types import ModuleType


def ends(program: ModuleType, night: str) -> dict[str, str]:
    graph, minutes = program.NIGHTS[night]
    return {task: program.clock(end) for task, end in program.ends(graph, minutes).items()}


def test_bug_is_real(program: ModuleType) -> None:
    slack = [program.slack(*night) for night in program.NIGHTS.values()]
    assert slack[:2] == [8, -2], "a faster load has turned the habit round"
    assert ends(program, "14 March, as drawn")["fct_revenue_daily"] == "03:15"
    assert ends(program, "14 March, as drawn")["load_rates"] == "03:16"


def test_fix_holds(program: ModuleType) -> None:
    assert program.slack(*program.NIGHTS["14 March, with the edge"]) == 0
    for minutes in range(1, 30):
        usual = program.USUAL | {"load_rates": minutes}
        assert program.slack(program.WITH_EDGE, usual) >= 0


def test_the_edge_costs_one_minute_and_moves_the_critical_path(program: ModuleType) -> None:
    assert max(ends(program, "14 March, as drawn").values()) == "03:17"
    assert max(ends(program, "14 March, with the edge").values()) == "03:18"
    assert program.critical_path(program.WITH_EDGE, program.FASTER) == [
        "load_rates",
        "fct_revenue_daily",
        "publish_dashboard",
    ]


def test_only_the_critical_path_moves_the_end(program: ModuleType) -> None:
    def end(minutes: dict[str, int]) -> int:
        return max(program.ends(program.AS_DRAWN, minutes).values())

    usual = program.USUAL
    for task in program.AS_DRAWN:
        on_it = task in program.critical_path(program.AS_DRAWN, usual)
        slower = usual | {task: usual[task] + 1}
        assert end(slower) - end(usual) == on_it


def test_a_false_edge_is_right_and_four_minutes_slower(program: ModuleType) -> None:
    rates_first = {"load_rates": (), **program.AS_DRAWN, "load_orders": ("load_rates",)}
    for minutes in (program.USUAL, program.FASTER):
        assert program.slack(rates_first, minutes) > 0
        start = program.ends(rates_first, minutes)["load_orders"] - minutes["load_orders"]
        assert start == minutes["load_rates"] == 4
