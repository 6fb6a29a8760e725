from types import ModuleType

import pytest

FIVE = "5,000,000 bytes"


@pytest.fixture(scope="module")
def found(program: ModuleType) -> list[dict[str, str]]:
    return program.runs(-1, 100_000, 6_000_000)


def test_bug_is_real(found: list[dict[str, str]]) -> None:
    without_threshold, *_ = found
    assert [*without_threshold.values()] == [FIVE, FIVE, "0 bytes"]


def test_fix_holds(found: list[dict[str, str]]) -> None:
    got, row, files = found[1].values()
    assert (got, files) == (FIVE, "5,000,002 bytes")
    assert row == "file://…/hand_over/…/load_orders/…"


def test_a_value_below_the_threshold_stays_in_the_database(found: list[dict[str, str]]) -> None:
    assert found[2]["the row of xcom holds"] == FIVE
