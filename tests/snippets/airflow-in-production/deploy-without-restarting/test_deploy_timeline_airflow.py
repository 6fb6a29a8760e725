import json
from functools import cache
from types import ModuleType

import pytest

Frame = dict


@cache
def frames_of(program: ModuleType) -> dict[tuple[str, str], list[Frame]]:
    return {tuple(run["choice"]): run["frames"] for run in program.runs()}


def revenue(program: ModuleType, *choice: str) -> str:
    return frames_of(program)[choice][-1]["facts"]["Thursday's revenue"]


def test_bug_is_real(program: ModuleType) -> None:
    assert revenue(program, "folder", "a rename") == "€2,000.00"
    assert revenue(program, "folder", "new code") == "€840.34"


@pytest.mark.parametrize("deployed", ["a rename", "new code"])
def test_fix_holds(program: ModuleType, deployed: str) -> None:
    assert revenue(program, "Git", deployed) == "€1,000.00"


@pytest.mark.parametrize("bundle", ["folder", "Git"])
def test_a_bad_file_stops_the_run_in_flight(program: ModuleType, bundle: str) -> None:
    frames = frames_of(program)[bundle, "a bad file"]
    before, after = frames[0], frames[-1]
    assert before["rows"][2:4] == after["rows"][2:4]  # Thursday's
    assert after["log"][-2:] == ["Friday: fct_revenue_daily none", "Friday: load_orders none"]


@pytest.mark.parametrize("bundle", ["folder", "Git"])
def test_it_goes_on_when_the_file_is_mended(program: ModuleType, bundle: str) -> None:
    with program.released(program.BUNDLES[bundle], program.V1) as (airflow, repository):
        timeline = program.Timeline(airflow, repository)
        timeline.record(program.DEPLOYED["a bad file"])
        repository.release(program.V1)
        airflow.parse()
        timeline.scheduler.tick()
        timeline.go_on("fixed")
        assert timeline.frames[-1]["facts"]["Thursday's revenue"] == "€1,000.00"


def test_the_stored_version_moves_on_and_the_run_does_not(program: ModuleType) -> None:
    last = frames_of(program)["Git", "new code"][-1]
    assert last["log"][1] == "Dag version 1, commit 2"
    assert last["facts"]["Thursday is held to"] == "commit 1"


def test_both_versions_are_right_by_themselves(program: ModuleType) -> None:
    for source in (program.V1, program.DEPLOYED["new code"]):
        names: dict = {}
        exec(source.replace("@task\n", "").replace("nightly()\n", ""), names)
        run: dict = {}
        names["load_orders"](run)
        names["fct_revenue_daily"](run)
        assert round(run["revenue"], 2) == 1000


def test_every_frame_has_the_same_rows(program: ModuleType) -> None:
    shapes = {
        json.dumps([[row["label"], len(row["cells"])] for row in frame["rows"]])
        for frames in frames_of(program).values()
        for frame in frames
    }
    assert len(shapes) == 1
