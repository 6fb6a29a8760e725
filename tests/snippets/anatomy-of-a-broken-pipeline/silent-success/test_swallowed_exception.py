from types import ModuleType

import pytest


def test_bug_is_real(program: ModuleType) -> None:
    log: list[str] = []
    orders = program.EXPORTS["decimal comma"]
    assert program.outcome(program.load_and_log, orders, log) == ("success", "EUR 0.00")
    assert len(log) == 10


def test_fix_holds(program: ModuleType) -> None:
    orders = program.EXPORTS["decimal comma"]
    state, reason = program.outcome(program.load_or_raise, orders, [])
    assert (state, reason) == ("failed", "10 of 10 orders rejected")


def test_one_bad_order_is_enough(program: ModuleType) -> None:
    orders = program.export("100.00")[:9] + program.export("100,00")[9:]
    state, reason = program.outcome(program.load_or_raise, orders, [])
    assert (state, reason) == ("failed", "1 of 10 orders rejected")


def test_good_export_is_unchanged(program: ModuleType) -> None:
    orders = program.EXPORTS["decimal point"]
    for load in (program.load_and_log, program.load_or_raise):
        assert program.outcome(load, orders, []) == ("success", "EUR 1000.00")


def test_narrow_except_lets_the_unexpected_through(program: ModuleType) -> None:
    orders = [{"order_id": "T-0", "amount_eur": "100.00"}]  # a column renamed upstream
    assert program.load_and_log(orders, []) == 0.0
    with pytest.raises(KeyError):
        program.load_or_raise(orders, [])
