"""The picture of Airflow 3 is held against the recording of a live Airflow, part by part."""

from pathlib import Path
from types import ModuleType

import pytest

SEEN = {  # what was tried on the live Airflow: the ways that it takes
    "the UI and the REST API answer": ["you look at it"],
    "the end of a task is recorded": ["its end is recorded"],
    "the next task starts": ["its end is recorded", "a worker gets it", "it asks for a password"],
    "a run that is due is created": ["its run is created"],
    "a waiting task is woken": ["it waits and is woken"],
    "a new Dag file is read": ["its file is read"],
}


@pytest.fixture
def recorded(program: ModuleType) -> set[tuple[str, str]]:
    """The pairs of a part that was stopped and what stopped with it."""
    recording = Path(program.__file__).with_name("stop_each_process_airflow.out")
    pairs, name = set(), ""
    for line in recording.read_text().splitlines()[2:]:
        name = line[:15].strip().removesuffix("s") or name
        pairs.add((name, line[15:]))
    return {pair for pair in pairs if pair[1] in SEEN}


def stopped_by_a_way(program: ModuleType, version: str) -> set[tuple[str, str]]:
    """What stops with each part according to the picture: what has it on its way."""
    return {
        (node, what)
        for what, steps in SEEN.items()
        for step in steps
        for node in program.STEPS[step][version]
        if node not in (program.FILES, program.DATABASE)
    }


def test_bug_is_real(program: ModuleType, recorded: set[tuple[str, str]]) -> None:
    """With the picture of Airflow 2 in mind, other things stop than those that do."""
    assert stopped_by_a_way(program, "2.x") != recorded


def test_fix_holds(program: ModuleType, recorded: set[tuple[str, str]]) -> None:
    assert stopped_by_a_way(program, "3.x") == recorded


def test_only_workers_lose_the_database_and_only_the_processor_gains_it(
    program: ModuleType,
) -> None:
    assert set(program.openers("2.x")) - set(program.openers("3.x")) == {"worker"}
    assert set(program.openers("3.x")) - set(program.openers("2.x")) == {"Dag processor"}


@pytest.mark.parametrize("version", ["3.x", "2.x"])
def test_each_answer_has_a_because_of_its_own(program: ModuleType, version: str) -> None:
    reasons = {answer["because"] for answer in program.question(version)["answers"]}
    assert len(reasons) == len(program.WHY[version]) == 3
