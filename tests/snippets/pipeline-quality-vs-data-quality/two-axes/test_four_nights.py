from itertools import product
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def runs(program: ModuleType) -> dict[str, list[str]]:
    return {
        name: [program.states(dag, night)["run"] for night in program.NIGHTS.values()]
        for name, dag in program.ONE_STATUS.items()
    }


def test_bug_is_real(program: ModuleType) -> None:
    """With the check after the load, the false page and the missed page look alike."""
    lost = program.states(program.revenue, program.NIGHTS["report lost"])
    swapped = program.states(program.revenue, program.NIGHTS["swapped"])
    assert lost == {"run": "failed", "load_orders": "failed", "check_revenue": "upstream_failed"}
    assert swapped == {"run": "failed", "load_orders": "success", "check_revenue": "failed"}


def test_fix_holds(program: ModuleType) -> None:
    """The two answers alone tell the four nights apart."""
    answers = {(night.pipeline_well, night.data_right) for night in program.NIGHTS.values()}
    assert answers == set(product((True, False), repeat=2))


def test_each_dag_says_the_same_of_different_nights(runs: dict[str, list[str]]) -> None:
    assert runs == {
        "no check": ["success", "failed", "success", "failed"],
        "after": ["success", "failed", "failed", "failed"],
        "always": ["success", "success", "failed", "failed"],
    }


def test_no_status_of_two_words_is_wrong_about_fewer_than_two_nights(program: ModuleType) -> None:
    """All 16: read as an answer to both questions, each is wrong about the two mixed nights."""
    truth = {
        name: (night.pipeline_well, night.data_right) for name, night in program.NIGHTS.items()
    }
    for words in product((True, False), repeat=4):
        shown = dict(zip(truth, words, strict=True))
        wrong = {name for name, word in shown.items() if (word, word) != truth[name]}
        assert wrong >= {"report lost", "swapped"}


def test_what_was_done_to_each_night_is_what_it_says(program: ModuleType) -> None:
    """The truth that the program knows is the truth that its table shows."""
    for name, night in program.NIGHTS.items():
        shown = (
            program.states(program.unchecked, night)["run"],
            program.states(program.always_checked, night)["check_revenue"],
        )
        assert (shown[0] == "success", shown[1] == "success") == (
            night.pipeline_well,
            night.data_right,
        ), name
