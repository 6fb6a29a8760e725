from types import ModuleType

import pytest

from testbed.airflow.installation import Installation


def ages(program: ModuleType, airflow: Installation, turn: int) -> tuple[list[int], list[int]]:
    """The row's age before each heartbeat, and after it."""
    shown = [age for _, age in program.sawtooth(airflow, turn)]
    return shown[::2], shown[1::2]


def test_bug_is_real(program: ModuleType, airflow: Installation) -> None:
    before, _ = ages(program, airflow, 27)
    assert before == [27, 54, 54, 54, 54]  # over a threshold of 30


def test_the_row_is_one_heartbeat_behind(program: ModuleType, airflow: Installation) -> None:
    _, after = ages(program, airflow, 27)
    assert set(after) == {27}


@pytest.mark.parametrize("turn", [5, 10, 15])
def test_fix_holds(program: ModuleType, airflow: Installation, turn: int) -> None:
    before, _ = ages(program, airflow, turn)  # a turn of at most half of the threshold
    assert max(before) == 2 * turn <= 30


def test_it_beats_once_a_turn_however_long(program: ModuleType, airflow: Installation) -> None:
    scheduler = airflow.scheduler()
    scheduler.loop(lambda part: airflow.later(seconds=1), times=2)
    assert airflow.metrics["scheduler_heartbeat"] == 2


def test_a_frame_says_what_the_row_was(program: ModuleType) -> None:
    points = [(27, 27), (27, 27), (54, 54), (54, 27)]
    run = program.run(27, points, 30, {})
    assert run["frames"][0]["at"] == 0
    last = run["frames"][-1]
    assert (last["at"], last["mark"], last["facts"]["Oldest so far"]) == (54, (54, 54), "54 s")
    assert last["log"][0].endswith("54 s old: unhealthy")


def test_the_right_answer_is_what_the_loop_has_shown(program: ModuleType) -> None:
    answers = program.question({program.ASKED: 54}, 30)["answers"]
    assert [one["text"] for one in answers if one.get("right")] == ["54 s"]
