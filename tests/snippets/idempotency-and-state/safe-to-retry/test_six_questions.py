import re
from itertools import product
from types import ModuleType

import pytest

from testbed.sandbox import ROOT

PAGE = ROOT / "docs/diagnose/safe-to-re-run.md"
ROW = re.compile(r"^\| \d\. .+ \| (.+) \| (.+) \|$", re.M)
BAD = {  # each alone turns "clear it" into the wrong button
    "alive": True,
    "sent": True,
    "complete": False,
    "replaces": False,
    "rows_right": True,
    "window": True,
}
PATHS = list(product([True, False], repeat=len(BAD)))


def table_of_the_page() -> list[tuple[str, str]]:
    """Read for each question where yes and no lead, in the page's order."""
    text = PAGE.read_text(encoding="utf-8")
    return [(plain(yes), plain(no)) for yes, no in ROW.findall(text)]


def plain(cell: str) -> str:
    """Reduce `[Clear it](#clear)` to `clear it`."""
    return re.sub(r"\[(.+?)\]\(.*?\)", r"\1", cell).lower()


def follow(table: list[tuple[str, str]], answers: tuple[bool, ...]) -> str:
    """Go down the page's table to the first cell that names an outcome."""
    for (yes, no), answer in zip(table, answers, strict=True):
        cell = yes if answer else no
        if not re.fullmatch(r"question \d", cell):
            return cell
    raise AssertionError(f"{answers} leads nowhere")


def test_bug_is_real(program: ModuleType) -> None:
    ends = [
        program.Night(program.Answers(**{n: bad})).press(program.Night.clear)
        for n, bad in BAD.items()
    ]
    assert ends == ["500/1000", "2 mails", "0/0", "1500/1500", "2000/2000", "500/500"]


@pytest.mark.parametrize("path", PATHS)
def test_fix_holds(program: ModuleType, path: tuple[bool, ...]) -> None:
    answers = program.Answers(*path)
    button = program.BUTTONS[program.decide(answers)]
    assert program.Night(answers).press(button) == "1000/1000"


@pytest.mark.parametrize("path", PATHS)
def test_the_page_says_the_same(program: ModuleType, path: tuple[bool, ...]) -> None:
    assert follow(table_of_the_page(), path) == program.decide(program.Answers(*path))


def test_the_page_asks_one_question_after_the_other() -> None:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    nexts = [re.findall(r"Question (\d)", " ".join(row)) for row in rows]
    assert nexts == [["2"], ["3"], ["4"], ["5"], ["6"], []]


def test_where_the_page_says_no_every_button_does_damage(program: ModuleType) -> None:
    refused = [one for one in map(program.Answers._make, PATHS) if refuses(program, one)]
    assert len(refused) == 60
    for answers in refused:
        for button in ("clear it", "it alone", "clear downstream only", "backfill the window"):
            assert program.Night(answers).press(program.BUTTONS[button]) != "1000/1000"


def refuses(program: ModuleType, answers: tuple[bool, ...]) -> bool:
    """Tell whether no button may be pressed."""
    return program.decide(answers) == "touch nothing"


def test_a_load_alone_leaves_the_figure_behind(program: ModuleType) -> None:
    assert program.Night(program.Answers()).press(program.Night.clear_alone) == "1000/500"
