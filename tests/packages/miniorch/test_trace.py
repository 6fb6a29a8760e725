import json

import pytest

from miniorch import play, to_frames, to_lines
from tests.packages.miniorch.scenes import SCENES, Scenario, fault, loading

RUN = "revenue/manual__2026-03-14T00:00:00+00:00"
LOAD = f"{RUN}/load"


def frames(scenario: Scenario) -> dict[float, dict]:
    return {frame["t"]: frame for frame in to_frames(play(scenario).store.events())}


def lane(attempt: int, at: str) -> Scenario:
    return {"task": LOAD, "attempt": attempt, "at": at}


@pytest.mark.parametrize(("scene", "euro"), SCENES.values(), ids=list(SCENES))
def test_every_scene_can_be_drawn_and_ends_as_the_machine_ends(scene: Scenario, euro: int) -> None:
    machine = play(scene)
    drawn = to_frames(machine.store.events())
    assert json.loads(json.dumps(drawn)) == drawn
    assert [frame["t"] for frame in drawn] == sorted({frame["t"] for frame in drawn})
    last = drawn[-1]
    assert last["total"] == f"{euro}.00"
    assert last["runs"] == {RUN: machine.store.runs()[0].state}
    assert last["tasks"] == {LOAD: machine.store.task_instances()[0].state}
    assert sum(len(frame["log"]) for frame in drawn) == len(machine.store.events())


def test_a_frame_shows_states_lanes_and_the_warehouse() -> None:
    crash = frames(loading(fault("crash", "committed")))
    assert crash[0]["runs"] == {RUN: "running"}
    assert crash[0]["tasks"] == {LOAD: "running"}
    assert crash[0]["lanes"] == {"w1": lane(1, "started")}
    assert crash[0]["total"] == "0.00"
    assert crash[15]["lanes"] == {"w1": lane(1, "written")}
    assert crash[15]["total"] == "0.00"
    assert crash[20]["tasks"] == {LOAD: "up_for_retry"}
    assert crash[20]["lanes"] == {"w1": None}
    assert crash[20]["total"] == "1000.00"
    assert crash[25]["lanes"] == {"w1": lane(2, "started")}
    assert crash[45]["total"] == "2000.00"
    assert crash[55]["runs"] == {RUN: "success"}


def test_a_frame_does_not_change_when_time_goes_on() -> None:
    log = play(loading()).store.events()
    assert to_frames(log)[:2] == to_frames([e for e in log if (e.at - log[0].at).seconds <= 5])


def test_the_lane_of_a_killed_worker_is_dead_until_it_is_back() -> None:
    one_worker = {"workers": 1}
    drawn = frames(loading(fault("kill_worker", "half", seconds=60), settings=one_worker))
    assert drawn[10]["lanes"] == {"w1": lane(1, "dead")}
    assert drawn[45]["lanes"] == {"w1": lane(1, "dead")}
    assert drawn[70]["lanes"] == {"w1": lane(2, "started")}
    assert drawn[70]["log"][0] == "w1  worker back"


def test_a_cleared_run_is_queued_again() -> None:
    scenario = loading()
    [trigger, run] = scenario["actions"]
    scenario["actions"] = [trigger, run, {**trigger, "do": "clear"}]
    last = to_frames(play(scenario).store.events())[-1]
    assert last["runs"] == {RUN: "queued"}
    assert last["tasks"] == {LOAD: "none"}


def test_lines_say_when_who_and_what() -> None:
    machine = play(loading(fault("slow", "read", seconds=60)))
    lines = to_lines(machine.store.events())
    assert lines[0] == "     0 s  revenue/manual__2026-03-14T00:00:00+00:00  run created"
    assert "     0 s  load #1  none -> scheduled" in lines
    assert "     5 s  load #1  w1  at 'read'" in lines
    assert "     5 s  load #1  w1  slowed: lasts 60 s" in lines
    assert "    75 s  load #1  w1  warehouse: total 1000.00" in lines
    assert "    80 s  load #1  w1  reported: state success" in lines


def test_where_there_are_several_runs_a_line_says_which() -> None:
    scenario = loading()
    [trigger, run] = scenario["actions"]
    scenario["actions"] = [trigger, {**trigger, "logical_date": "2026-03-13"}, run]
    lines = to_lines(play(scenario).store.events())
    assert f"     0 s  load #1 of {RUN}  none -> scheduled" in lines


def test_no_events_make_no_frames() -> None:
    assert to_frames([]) == []
    assert to_lines([]) == []
