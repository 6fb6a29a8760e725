from types import ModuleType

import pytest

RAN = {"stg_orders": "success", "fct_revenue_daily": "success"}


@pytest.fixture(scope="module")
def states(program: ModuleType) -> dict[str, str]:
    return program.cleared_and_deployed()


def test_bug_is_real(states: dict[str, str]) -> None:
    assert states == RAN | {"load_orders": "removed", "load_shop_orders": "success"}


def test_fix_holds(program: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "AFTER", f"{program.BEFORE}# no task goes")
    assert program.cleared_and_deployed() == RAN | {"load_orders": "success"}


def test_the_picture_says_what_the_page_says(program: ModuleType, states: dict[str, str]) -> None:
    (run,) = program.picture(states)["runs"]
    texts = {bar["lane"]: bar["text"] for bar in run["bars"]}
    assert texts["worker: load_orders"] == "6 files"
    assert texts["worker: load_shop_orders"] == "11 files"
    assert max(program.clock(bar["end"]) for bar in run["bars"]) == "17:13"
