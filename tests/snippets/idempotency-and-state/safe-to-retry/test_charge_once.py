from types import ModuleType, SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def test_bug_is_real(program: ModuleType) -> None:
    assert program.bill(*program.WAYS["key drawn, uuid4()"]) == [2] * 4 + [1] * 6


def test_fix_holds(program: ModuleType) -> None:
    assert program.bill(*program.WAYS["key derived"]) == [1] * 10


def test_a_ledger_beside_the_provider_errs_on_one_side_or_the_other(program: ModuleType) -> None:
    once = [1] * 3, [1] * 6
    assert program.bill(*program.WAYS["ledger after the charge"]) == [*once[0], 2, *once[1]]
    assert program.bill(*program.WAYS["ledger before it"]) == [*once[0], 0, *once[1]]


@pytest.mark.parametrize("retries", [1, 2, 3])
@pytest.mark.parametrize("way", ["key drawn, uuid4()", "ledger after the charge"])
def test_each_further_retry_charges_once_more(program: ModuleType, way: str, retries: int) -> None:
    assert program.bill(*program.WAYS[way], retries=retries)[3] == 1 + retries


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 9), st.integers(1, 3))
def test_no_death_at_any_customer_changes_who_is_charged(
    program: ModuleType, customer: int, retries: int
) -> None:
    dies_at = f"{program.CUSTOMERS[customer]} charged"
    assert program.bill(program.derived_key, dies_at, retries) == [1] * 10


def test_the_next_day_is_charged_too(program: ModuleType) -> None:
    provider, ledger = program.Provider(), program.Ledger()
    for day in ("2026-05-12", "2026-05-13"):
        list(program.derived_key(SimpleNamespace(day=day), provider, ledger))
    assert len(provider.charges) == 20


def test_a_clean_run_charges_everybody_once(program: ModuleType) -> None:
    for charge, _ in program.WAYS.values():
        assert program.bill(charge) == [1] * 10
