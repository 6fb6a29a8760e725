from itertools import product
from types import ModuleType

import pytest

from tooling.course.simulation import Frame

CHARGES_WITHOUT_A_KEPT_KEY = {"": 10, "start": 10, "4 paid": 14, "10 paid": 20}


@pytest.mark.parametrize("key", ["no key", "drawn by each attempt"])
@pytest.mark.parametrize("window", CHARGES_WITHOUT_A_KEPT_KEY)
def test_bug_is_real(program: ModuleType, key: str, window: str) -> None:
    night = program.Billing(key, window)
    assert len(night.charges) == CHARGES_WITHOUT_A_KEPT_KEY[window]


@pytest.mark.parametrize("window", CHARGES_WITHOUT_A_KEPT_KEY)
def test_fix_holds(program: ModuleType, window: str) -> None:
    night = program.Billing("derived from the intent", window)
    assert sorted(night.charges.values()) == list(range(1, 11))


@pytest.mark.parametrize("key", ["no key", "drawn by each attempt", "derived from the intent"])
def test_attempt_one_leaves_the_same_whatever_the_key(program: ModuleType, key: str) -> None:
    left = [len(program.Billing(key, window, retries=0).charges) for window in program.WINDOWS]
    assert left == [10, 0, 4, 10]


def test_every_run_ends_green_whatever_was_charged(program: ModuleType) -> None:
    for how in product(program.KEYS, program.WINDOWS):
        [run] = program.Billing(*how).machine.store.runs()
        assert run.state == "success"


def test_the_drawing_shows_what_happened(program: ModuleType) -> None:
    frame = program.frame("derived from the intent", "4 paid")
    one, two, keys, beliefs, counts = (
        [cell["text"] for cell in row["cells"]] for row in frame["rows"]
    )
    assert one == ["start", "4 paid", "died", ""]
    assert two == ["start", "4 paid", "10 paid", "report"]
    assert keys == ["2026-03-14/04"] * 2
    assert beliefs == ["up_for_retry", "success", "run success"]
    assert counts == ["4 after attempt 1", "10 in the end"]
    assert frame["facts"] == {"Charged": "€1,000.00", "Charged twice": "0 of 10"}


def test_a_drawn_key_is_drawn_as_another(program: ModuleType) -> None:
    frame = program.frame("drawn by each attempt", "4 paid")
    one, two = frame["rows"][2]["cells"]
    assert (one["state"], two["state"]) == ("done", "changed")
    assert one["text"] != two["text"]
    assert frame["facts"] == {"Charged": "€1,400.00", "Charged twice": "4 of 10"}


def test_the_drawing_marks_what_is_wrong_and_nothing_else(program: ModuleType) -> None:
    for key, charges in (("drawn by each attempt", "marked"), ("derived from the intent", "done")):
        rows = program.frame(key, "10 paid")["rows"]
        one, two, _, beliefs, counts = ([cell["state"] for cell in row["cells"]] for row in rows)
        assert (one, two) == (["done", "done", "done", "failed"], ["done"] * 4)
        assert beliefs == ["failed", "done", "done"]
        assert counts == ["done", charges]
    keys = program.frame("drawn by each attempt", "start")["rows"][2]["cells"]
    assert [cell["state"] for cell in keys] == ["idle", "done"]  # the first key that was sent


def test_every_frame_has_the_same_shape(program: ModuleType) -> None:
    shapes = set()
    for how in product(program.KEYS, program.WINDOWS):
        frame = program.frame(*how)
        shapes.add(tuple((row["label"], len(row["cells"])) for row in frame["rows"]))
        Frame.model_validate(frame)
    assert len(shapes) == 1


def test_a_reader_who_sees_no_drawing_is_told_the_keys(program: ModuleType) -> None:
    log = program.frame("derived from the intent", "4 paid")["log"]
    assert "key of customer 4: 2026-03-14/04, then 2026-03-14/04" in log
    one, two = (program.Billing("drawn by each attempt", "4 paid").sent[n, 4] for n in (1, 2))
    log = program.frame("drawn by each attempt", "4 paid")["log"]
    assert f"key of customer 4: {one[:13]}, then {two[:13]}" in log
