from datetime import date
from types import ModuleType

import pytest

from testbed.sandbox import ROOT

PAGE = ROOT / "docs/anatomy-of-a-broken-pipeline/silent-success.md"


def found(program: ModuleType) -> list[str]:
    return [day for day, _ in program.open_warehouse().execute(program.QUERY)]


def test_bug_is_real(program: ModuleType) -> None:
    """A join from the orders to the days that were due finds no day without orders."""
    query = program.QUERY.replace("calendar LEFT JOIN raw.orders", "calendar JOIN raw.orders")
    days = [day for day, orders in program.open_warehouse().execute(query)]
    assert days == ["2025-11-03", "2026-01-20"]


def test_fix_holds(program: ModuleType) -> None:
    assert found(program) == [f"{day}" for day in sorted(program.LIES)]


def test_ordinary_days_are_left_out(program: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "LIES", {})
    assert found(program) == []


def test_a_repaired_night_is_not_found(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(program.LIES, date(2026, 1, 20), program.USUAL)
    assert "2026-01-20" not in found(program)


def test_the_page_shows_this_query(program: ModuleType) -> None:
    assert program.QUERY.strip() in PAGE.read_text(encoding="utf-8")
