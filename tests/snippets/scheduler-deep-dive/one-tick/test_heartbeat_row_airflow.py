from types import ModuleType

import pytest

from testbed.airflow.installation import Installation


def test_bug_is_real(program: ModuleType, airflow: Installation) -> None:
    assert [before for before, _ in program.ages(airflow)] == [27, 54, 54]


def test_the_row_is_one_heartbeat_behind(program: ModuleType, airflow: Installation) -> None:
    assert [after for _, after in program.ages(airflow)] == [27, 27, 27]


def test_fix_holds(
    program: ModuleType, airflow: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "TURN", 9)  # less than half of the threshold
    assert max(before for before, _ in program.ages(airflow)) == 18


def test_it_beats_once_a_turn_however_long(program: ModuleType, airflow: Installation) -> None:
    scheduler = airflow.scheduler()
    scheduler.loop(lambda part: airflow.later(seconds=1), times=2)
    assert airflow.metrics["scheduler_heartbeat"] == 2
