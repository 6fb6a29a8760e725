from types import ModuleType, SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def test_bug_is_real(program: ModuleType) -> None:
    assert program.bill(*program.WAYS["key drawn, uuid4()"]) == [2] * 4 + [1] * 7


def test_fix_holds(program: ModuleType) -> None:
    assert program.bill(*program.WAYS["key of subscription, period"]) == [1] * 11


def test_a_ledger_beside_the_provider_errs_on_one_side_or_the_other(program: ModuleType) -> None:
    once = [1] * 3, [1] * 7
    assert program.bill(*program.WAYS["ledger after the charge"]) == [*once[0], 2, *once[1]]
    assert program.bill(*program.WAYS["ledger before it"]) == [*once[0], 0, *once[1]]


@pytest.mark.parametrize("retries", [1, 2, 3])
@pytest.mark.parametrize("way", ["key drawn, uuid4()", "ledger after the charge"])
def test_each_further_retry_charges_once_more(program: ModuleType, way: str, retries: int) -> None:
    assert program.bill(*program.WAYS[way], retries=retries)[3] == 1 + retries


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 10), st.integers(1, 3))
def test_no_death_at_any_renewal_changes_what_is_charged(
    program: ModuleType, renewal: int, retries: int
) -> None:
    dies_at = f"{program.DUE[renewal].subscription} charged"
    assert program.bill(program.derived_key, dies_at, retries) == [1] * 11


def test_two_renewals_of_a_customer_on_one_day_are_two_charges(program: ModuleType) -> None:
    *_, one, two = program.DUE
    assert one.customer == two.customer
    assert program.bill(program.derived_key) == [1] * 11
    assert program.bill(program.by_customer) == [1] * 10 + [0]


@pytest.mark.parametrize(("period", "charges"), [("2026-05-12", 11), ("2026-06-12", 22)])
def test_a_further_run_charges_another_period_and_no_period_twice(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch, period: str, charges: int
) -> None:
    provider, ledger = program.Provider(), program.Ledger()
    for day, paid in (("2026-05-12", "2026-05-12"), ("2026-06-12", period)):
        due = [renewal._replace(period=paid) for renewal in program.DUE]
        monkeypatch.setattr(program, "DUE", due)
        list(program.derived_key(SimpleNamespace(day=day), provider, ledger))
    assert len(provider.charges) == charges


def test_a_clean_run_charges_everything_once(program: ModuleType) -> None:
    for name, (charge, _) in program.WAYS.items():
        if name != "key of customer and day":
            assert program.bill(charge) == [1] * 11
