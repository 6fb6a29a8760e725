from types import ModuleType
from typing import Any

import pytest

from testbed.airflow.live import Stack


@pytest.fixture(scope="module")
def nights(program: ModuleType, live: Stack) -> list[Any]:
    (live.home / "sink.db").unlink(missing_ok=True)  # of the night that was recorded
    return program.freeze_both(live)


def test_bug_is_real(nights: list[Any]) -> None:
    as_written, _ = nights
    assert (as_written.run, as_written.charges) == ("success", [1, 2])


def test_fix_holds(nights: list[Any]) -> None:
    _, fenced = nights
    assert (fenced.run, fenced.charges) == ("success", [2])


def test_both_attempts_reached_the_charge(nights: list[Any]) -> None:
    assert [night.reached for night in nights] == [[1, 2], [1, 2]]


def test_airflow_calls_the_one_that_charged_failed(nights: list[Any]) -> None:
    assert [night.tries for night in nights] == [[(1, "failed"), (2, "success")]] * 2


def test_the_old_supervisor_is_told_too_late(nights: list[Any]) -> None:
    assert [night.answer for night in nights] == [410, 410]
