from types import ModuleType

import pytest

from testbed.sandbox import ROOT

LEFT = ["", "1020/30", "none/20", "1000/20", "1000/0", *["1000/30, 2 mails"] * 2]
LEFT.append("1000/30, not 1100/30")
PAGE = ROOT / "docs/idempotency-and-state/safe-to-retry.md"


def test_bug_is_real(program: ModuleType) -> None:
    assert program.score(program.row_id) == 0
    assert program.found_wrong(program.row_id, program.WINDOWS[0]) == "2000/30"


def test_fix_holds(program: ModuleType) -> None:
    assert program.score(program.order_id) == 1


def test_each_other_window_leaves_what_the_card_says(program: ModuleType) -> None:
    found = [program.found_wrong(program.order_id, window) for window in program.WINDOWS]
    assert found == LEFT


@pytest.mark.parametrize("key", ["row_id", "order_id"])
def test_a_night_without_an_interruption_is_right(program: ModuleType, key: str) -> None:
    night = program.Window("nowhere", "nothing", [])
    *_, end = program.interrupted(getattr(program, key), night)
    assert end == "1000/30"
    assert program.found_wrong(getattr(program, key), night) == ""


def test_the_ideas_of_the_course_close_what_the_curriculum_plans(program: ModuleType) -> None:
    ideas = [window.closed_by for window in program.WINDOWS]
    scores = [ideas.index(idea) + ideas.count(idea) for idea in dict.fromkeys(ideas)]
    assert scores == [1, 2, 4, 5, 7, 8]


def test_the_card_shows_what_was_found(program: ModuleType) -> None:
    [run] = program.picture()["runs"]
    [frame] = run["frames"]
    cells = [row["cells"][0] for row in frame["rows"]]
    assert [cell["text"] for cell in cells] == ["survived", *LEFT[1:]]
    assert [cell["state"] for cell in cells] == ["done", *["failed"] * 7]
    assert frame["facts"] == {"MERGE on row_id": "0 of 8", "MERGE on order_id": "1 of 8"}


WORDS = {0: "none", 1: "one", 8: "eight"}


def test_the_page_says_the_scores(program: ModuleType) -> None:
    before, after = (program.score(key) for key in (program.row_id, program.order_id))
    said = (
        f"With `row_id` the pipeline survives {WORDS[before]} of {WORDS[len(program.WINDOWS)]} "
        f"crash windows, with the order number {WORDS[after]}."
    )
    assert said in " ".join(PAGE.read_text(encoding="utf-8").split())
