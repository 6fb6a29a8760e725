from itertools import product
from types import ModuleType

import pytest

from miniorch import Orchestrator
from tooling.course.simulation import Frame

APPEND_IN_HALVES = {"": 1000, "read": 1000, "half": 1500, "written": 1500, "committed": 2000}
LEFT_BY_HALVES = {"": 1000, "read": 0, "half": 500, "written": 500, "committed": 1000}
LEFT_BY_ONE_COMMIT = {"": 1000, "read": 0, "half": 0, "written": 0, "committed": 1000}


def test_bug_is_real(program: ModuleType) -> None:
    night = program.run_night("append", "once, at the end", "committed")
    [run] = night.store.runs()
    assert (run.state, night.warehouse.total()) == ("success", 2000)


@pytest.mark.parametrize("write", ["delete and insert", "merge by key"])
def test_fix_holds(program: ModuleType, write: str) -> None:
    for commit, window in product(program.COMMITS, program.WINDOWS):
        assert program.run_night(write, commit, window).warehouse.total() == 1000


@pytest.mark.parametrize("window", ["", "read", "half", "written"])
def test_one_transaction_saves_an_append_up_to_its_commit(program: ModuleType, window: str) -> None:
    assert program.run_night("append", "once, at the end", window).warehouse.total() == 1000


@pytest.mark.parametrize("window", APPEND_IN_HALVES)
def test_an_append_that_commits_in_halves_fails_in_three_windows(
    program: ModuleType, window: str
) -> None:
    night = program.run_night("append", "after each half", window)
    assert night.warehouse.total() == APPEND_IN_HALVES[window]


@pytest.mark.parametrize("write", ["append", "delete and insert", "merge by key"])
@pytest.mark.parametrize("window", LEFT_BY_HALVES)
def test_what_a_reader_sees_between_the_attempts_is_the_commits_alone(
    program: ModuleType, write: str, window: str
) -> None:
    for commit, left in (
        ("once, at the end", LEFT_BY_ONE_COMMIT),
        ("after each half", LEFT_BY_HALVES),
    ):
        night = program.run_night(write, commit, window, retries=0)
        assert night.warehouse.total() == left[window]


def test_every_run_ends_green_whatever_is_in_the_warehouse(program: ModuleType) -> None:
    for how in product(program.WRITES, program.COMMITS, program.WINDOWS):
        [run] = program.run_night(*how).store.runs()
        assert run.state == "success"


def test_the_drawing_shows_what_happened(program: ModuleType) -> None:
    frame = program.frame("append", "after each half", "half")
    one, two, beliefs, counts = (row["cells"] for row in frame["rows"])
    assert [cell["text"] for cell in one] == ["read", "half", "died", "", ""]
    assert [cell["text"] for cell in two] == ["read", "half", "rest", "commit", "report"]
    assert [cell["text"] for cell in beliefs] == ["up_for_retry", "success", "run success"]
    assert [cell["text"] for cell in counts] == ["5 after attempt 1", "15 in the end"]
    assert frame["facts"] == {"After attempt 1": "€500.00", "In the end": "€1,500.00"}


def test_the_drawing_marks_what_is_wrong_and_nothing_else(program: ModuleType) -> None:
    for write, rows in (("append", "marked"), ("delete and insert", "done")):
        frame = program.frame(write, "once, at the end", "committed")
        one, two, beliefs, counts = (
            [cell["state"] for cell in row["cells"]] for row in frame["rows"]
        )
        assert (one, two) == (["done"] * 4 + ["failed"], ["done"] * 5)
        assert beliefs == ["failed", "done", "done"]
        assert counts == ["done", rows]


class DroppedOrder(Orchestrator):
    """A warehouse that holds an order which the source no longer has."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        tx = self.warehouse.begin()
        tx.execute("insert into revenue values ('2026-03-14', 'dropped', 10000)")
        tx.commit()


@pytest.mark.parametrize(("write", "total"), [("delete and insert", 1000), ("merge by key", 1100)])
def test_only_the_delete_removes_what_the_source_has_dropped(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch, write: str, total: int
) -> None:
    monkeypatch.setattr(program, "Orchestrator", DroppedOrder)
    night = program.run_night(write, "once, at the end", "")
    assert night.warehouse.total() == total


def test_every_frame_has_the_same_shape(program: ModuleType) -> None:
    shapes = set()
    for how in product(program.WRITES, program.COMMITS, program.WINDOWS):
        frame = program.frame(*how)
        shapes.add(tuple((row["label"], len(row["cells"])) for row in frame["rows"]))
        Frame.model_validate(frame)
    assert len(shapes) == 1
