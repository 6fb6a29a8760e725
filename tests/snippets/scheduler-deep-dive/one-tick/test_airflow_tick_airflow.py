from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from unittest.mock import patch

import pytest
from sqlalchemy import Engine, event

from testbed.airflow.installation import Installation
from testbed.sandbox import ROOT

PAGE = ROOT / "docs" / "scheduler-deep-dive" / "one-tick.md"
WITHIN = {"Start: look for orphans", "Examine one run", "Deadlines and callbacks"}
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
    assert texts(last, "Tasks of 21 June") == ["6 sched.", "4 queued"]
    assert texts(last, "Tasks of 25 June") == []


def test_an_examination_is_seen_when_all_runs_are_examined(turns: list[list[dict]]) -> None:
    seen = [texts(f, "Tasks of 21 June") for f in turns[0] if f["step"] == "Examine one run"]
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
    counts = {frame["step"]: int(frame["facts"]["Commits"]) for frame in turns[0]}
    silent = {step for step, commits in counts.items() if commits == 0}
    assert silent == {"Heartbeat of the executor", "Timers that are due"}  # none is due yet


def test_the_page_names_the_line_that_calls_a_part(turns: list[list[dict]]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    frames = [frame for frame in turns[2] if frame["step"] not in WITHIN]
    assert len(frames) == 9
    assert [f for f in frames if f"({f['facts']['Called in line']})" not in page] == []


def test_a_task_is_examined_without_a_query(program: ModuleType, airflow: Installation) -> None:
    airflow.create_run("load_regions", program.DAYS[0], "one")
    looked, queries = examine(airflow)
    assert len(looked) == 10
    assert queries == []


def test_depends_on_past_costs_queries(
    program: ModuleType, airflow: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.serialization.definitions.baseoperator import SerializedBaseOperator

    monkeypatch.setattr(SerializedBaseOperator, "depends_on_past", True)
    airflow.create_run("load_regions", program.DAYS[0], "one")
    looked, queries = examine(airflow)
    assert len(queries) >= len(looked) == 10


def test_what_is_scheduled_is_not_examined_again(
    program: ModuleType, airflow: Installation
) -> None:
    airflow.create_run("load_regions", program.DAYS[0], "one")
    examine(airflow)
    looked, _ = examine(airflow)
    assert len(looked) == 1  # the first that could run ends the search for a deadlock


def examine(airflow: Installation) -> tuple[list[str], list[str]]:
    """Tick once; give the tasks whose dependencies were checked, and what that has asked."""
    from airflow import settings
    from airflow.models import TaskInstance

    met, looked, queries = TaskInstance.are_dependencies_met, [], []

    def watched(task: TaskInstance, *args: object, **kwargs: object) -> bool:
        with listening(settings.engine, queries):
            looked.append(task.task_id)
            return met(task, *args, **kwargs)

    with patch.object(TaskInstance, "are_dependencies_met", watched):
        airflow.scheduler().tick()
    return looked, queries


@contextmanager
def listening(engine: Engine, queries: list[str]) -> Iterator[None]:
    """Note what is asked of the database."""

    def note(*asked: object) -> None:
        queries.append(str(asked[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield
    event.remove(engine, "before_cursor_execute", note)
