from types import ModuleType

import pytest

from tooling.airflow_ticks import Installation

ORDER = [
    "Create runs",
    "Start queued runs",
    "Examine one run",
    "Examine one run",
    "Examine one run",
    "Critical section",
    "Heartbeat of the executor",
    "Read the executor's events",
    "Save the executor's log",
    "Deadlines and callbacks",
    "Heartbeat of the scheduler",
    "Timers that are due",
]


@pytest.fixture
def turns(program: ModuleType, airflow: Installation) -> list[list[dict]]:
    """The frames of three turns of the loop."""
    return program.turns(airflow)


def texts(frame: dict, label: str) -> list[str]:
    """What a row of a frame says."""
    (row,) = (row for row in frame["rows"] if row["label"] == label)
    return [cell["text"] for cell in row["cells"] if cell["text"]]


def test_bug_is_real(turns: list[list[dict]]) -> None:
    first, second, third = ([frame["step"] for frame in turn] for turn in turns)
    assert first == ["Start: look for orphans", *ORDER]
    assert second == ORDER
    assert third == [*ORDER, "Sleep"]


def test_fix_holds(turns: list[list[dict]]) -> None:
    last = turns[0][-1]
    assert texts(last, "Runs") == ["2 queued", "3 running"]
    assert texts(last, "Tasks of 10 March") == ["6 sched.", "4 queued"]
    assert texts(last, "Tasks of 14 March") == []


def test_an_examination_is_seen_when_all_runs_are_examined(turns: list[list[dict]]) -> None:
    seen = [texts(f, "Tasks of 10 March") for f in turns[0] if f["step"] == "Examine one run"]
    assert seen == [[], [], ["10 sched."]]


def test_what_is_queued_is_sent_after_it_is_committed(turns: list[list[dict]]) -> None:
    steps = {frame["step"]: texts(frame, "Tasks that the executor has") for frame in turns[0]}
    assert steps["Critical section"] == ["12 in memory"]
    assert steps["Heartbeat of the executor"] == ["12 sent"]


def test_events_are_read_after_the_next_tasks_are_queued(turns: list[list[dict]]) -> None:
    unread = {frame["step"]: frame["facts"]["Events unread"] for frame in turns[1]}
    assert unread["Heartbeat of the executor"] == "12"
    assert unread["Read the executor's events"] == "0"


def test_which_parts_commit(turns: list[list[dict]]) -> None:
    silent = {frame["step"] for turn in turns for frame in turn if frame["facts"]["Commits"] == "0"}
    assert "Heartbeat of the executor" in silent
    assert not silent & {"Create runs", "Start queued runs", "Critical section"}
