from types import ModuleType


def test_bug_is_real(program: ModuleType) -> None:
    ran = program.executed(program.STEPS)
    assert ran == ["load_orders: the old code", "fct_revenue_daily: the new code"]


def test_fix_holds(program: ModuleType) -> None:
    ran = program.executed(program.ONE_PROCESS)
    assert ran == ["load_orders: the old code", "fct_revenue_daily: the old code"]
