from itertools import product
from types import ModuleType

import pytest

EVERY = list(product(("two", "one"), ("off", "on")))


def facts(program: ModuleType, schedulers: str, compare_and_set: str) -> list[str]:
    *_, last = program.frames(program.night(schedulers, compare_and_set))
    return list(last["facts"].values())


def test_bug_is_real(program: ModuleType) -> None:
    assert facts(program, "two", "off") == ["2×", "success", "€2,000.00"]


def test_fix_holds(program: ModuleType) -> None:
    assert facts(program, "two", "on") == ["1×", "success", "€1,000.00"]


@pytest.mark.parametrize("compare_and_set", ["off", "on"])
def test_one_scheduler_is_right_either_way(program: ModuleType, compare_and_set: str) -> None:
    assert facts(program, "one", compare_and_set) == ["1×", "success", "€1,000.00"]


def test_both_have_seen_the_task_before_one_of_them_acts(program: ModuleType) -> None:
    for compare_and_set in ("off", "on"):
        machine = program.night("two", compare_and_set)
        saw = ["sees load_orders: scheduled"] * 2
        both = [
            [row["cells"][0]["text"] for row in frame["rows"][:2]]
            for frame in program.frames(machine)
        ]
        assert both[2] == saw
        assert len(machine.store.events("refused")) == (compare_and_set == "on")


@pytest.mark.parametrize("choice", EVERY)
def test_the_simulator_drives_the_loops_as_the_machine_does(
    program: ModuleType, choice: tuple[str, str]
) -> None:
    def log(machine: object) -> list[tuple]:
        return [(event.kind, event.worker, event.detail) for event in machine.store.events()]

    stepped, ticked = program.night(*choice), program.night(*choice)
    list(program.frames(stepped))
    ticked.run_until_idle()
    assert log(stepped) == log(ticked)


@pytest.mark.parametrize("choice", EVERY)
def test_the_frames_are_few_and_show_every_event(
    program: ModuleType, choice: tuple[str, str]
) -> None:
    machine = program.night(*choice)
    frames = list(program.frames(machine))
    assert 6 <= len(frames) <= 14
    lines = [line for frame in frames for line in frame["log"] if line != "nothing is written"]
    assert len(lines) == len(machine.store.events())


@pytest.mark.parametrize("choice", EVERY)
def test_the_second_start_is_marked_and_nothing_else(
    program: ModuleType, choice: tuple[str, str]
) -> None:
    marked = {
        cell["text"]
        for frame in program.frames(program.night(*choice))
        for row in frame["rows"]
        for cell in row["cells"]
        if cell["state"] == "marked"
    }
    assert ("starts load_orders on w2" in marked) == (choice == ("two", "off"))
    assert not any("w1" in text for text in marked)


def test_what_is_due_is_what_one_start_loads(program: ModuleType) -> None:
    first, *_, last = program.frames(program.night("one", "on"))
    assert first["step"].endswith(last["facts"]["Revenue"])
