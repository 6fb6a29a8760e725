from itertools import product
from types import ModuleType

import pytest

from tooling.course.simulation import Run

CHARGES_WITHOUT_A_KEPT_KEY = {"": 10, "start": 10, "4 paid": 14, "10 paid": 20}
LANES = ("Attempt 1", "Attempt 2", "Provider")


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
    left = {at: len(program.Billing(key, at, retries=0).charges) for at in program.WINDOWS}
    assert left == {"": 10, "start": 0, "4 paid": 4, "10 paid": 10}


def test_the_first_night_that_is_drawn_asks(program: ModuleType) -> None:
    first = program.run(program.KEYS[0], next(iter(program.WINDOWS)))
    assert any("question" in frame for frame in first["frames"])


def test_every_run_ends_green_whatever_was_charged(program: ModuleType) -> None:
    for how in product(program.KEYS, program.WINDOWS):
        [run] = program.Billing(*how).machine.store.runs()
        assert run.state == "success"


def lane(run: dict, n: int) -> list[tuple[int, int, str]]:
    return [(b["start"], b["end"], b["state"]) for b in run["bars"] if b["lane"] == LANES[n]]


def marks(run: dict) -> list[tuple[int, str]]:
    return [(event["at"], event["text"]) for event in run["events"] if event["lane"] == LANES[2]]


def test_the_lanes_show_what_happened(program: ModuleType) -> None:
    run = program.run("derived from the intent", "4 paid")
    assert lane(run, 0) == [(0, 20, "failed")]
    assert lane(run, 1) == [(25, 80, "done")]
    assert lane(run, 2) == [(5, 20, "done"), (30, 75, "done")]
    assert marks(run) == [(20, "charged"), (45, "seen")]
    assert run["frames"][-1]["facts"] == {"Charged": "€1,000.00", "Twice": "0 of 10"}


def test_a_drawn_key_is_a_second_charge(program: ModuleType) -> None:
    run = program.run("drawn by each attempt", "4 paid")
    assert lane(run, 2)[1] == (30, 75, "marked")
    assert marks(run) == [(20, "charged"), (45, "again")]
    assert run["frames"][-1]["facts"] == {"Charged": "€1,400.00", "Twice": "4 of 10"}
    *_, keys = run["frames"][-1]["log"]
    one, two = (program.Billing("drawn by each attempt", "4 paid").sent[n, 4] for n in (1, 2))
    assert keys == f"key of renewal 4: {one[:24]}, then {two[:24]}"


def test_no_frame_tells_the_end_before_it(program: ModuleType) -> None:
    for how in product(program.KEYS, program.WINDOWS):
        run = program.run(*how)
        Run.model_validate(run)
        *before, end = run["frames"]
        assert all(frame["facts"]["Charged"] == "–" for frame in before)
        assert end["facts"]["Charged"].startswith("€")
        assert [frame["at"] for frame in run["frames"]] == sorted(f["at"] for f in run["frames"])


def test_the_right_answer_is_what_was_charged(program: ModuleType) -> None:
    for key in program.KEYS:
        (asked,) = [f["question"] for f in program.run(key, "4 paid")["frames"] if "question" in f]
        (right,) = [one["text"] for one in asked["answers"] if one.get("right")]
        assert right == str(len(program.Billing(key, "4 paid").charges))
