"""What the labs say in words is what they compute, and so is what they promise for a change."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from testbed.sandbox import LABS
from tooling.rules.code import imports

SOURCES = sorted(LABS.glob("*.py"))
Lab = Callable[..., dict[str, Any]]


@pytest.fixture
def lab() -> Lab:
    """Run a lab, with some of its text replaced, and return its names."""

    def run(name: str, *changes: tuple[str, str]) -> dict[str, Any]:
        text = (LABS / f"{name}.py").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"{name} has no `{old}` to change"
            text = text.replace(old, new)
        names: dict[str, Any] = {}
        exec(compile(text, name, "exec"), names)
        return names

    return run


def test_there_are_three() -> None:
    assert len(SOURCES) == 3


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_lab_needs_the_standard_library_only(source: Path) -> None:
    own = {*sys.stdlib_module_names, "miniorch", "exhibits"}
    assert not [name for _, name in imports(source) if name.partition(".")[0] not in own]


def test_seven_broken_nights_are_not_red(lab: Lab) -> None:
    names = lab("break-it-eight-ways")
    runs = {mode: run for mode, (run, _, _) in names["verdicts"].items()}
    assert runs.pop("a good night") == "success"
    assert {mode for mode, run in runs.items() if run == "failed"} == {"partial load"}
    assert {mode for mode, run in runs.items() if run == "running"} == {"silent stall"}
    assert len(names["by_query"]) == len(runs) == 8


def test_five_broken_nights_look_like_the_good_one(lab: Lab) -> None:
    verdicts = lab("break-it-eight-ways")["verdicts"]
    good = verdicts.pop("a good night")[:2]
    assert sum(verdict[:2] == good for verdict in verdicts.values()) == 5


def test_an_overwrite_puts_three_bars_right(lab: Lab) -> None:
    before = lab("break-it-eight-ways")["totals"]
    change = ("tx.append(orders)\n", "tx.overwrite(ctx.day, orders)\n")
    after = lab("break-it-eight-ways", change)["totals"]
    assert [after[mode] for mode in before if before[mode] != after[mode]] == [1000] * 3


@pytest.mark.parametrize(("length", "attempts"), [(30, [1]), (35, [1, 2])])
def test_the_length_of_the_freeze_decides(lab: Lab, length: int, attempts: list[int]) -> None:
    """The 35 seconds are enough for a second attempt, and the first one writes first."""
    judged = """judge("zombie twin", machine)"""
    written = "written = [e.attempt for e in machine.store.events('warehouse')]"
    change = ("seconds=60", f"seconds={length}")
    names = lab("break-it-eight-ways", change, (judged, f"{judged}\n{written}"))
    assert names["written"] == attempts


def test_a_deferred_sensor_ends_the_stall(lab: Lab) -> None:
    changes = [
        ("landed, pool", "landed, mode=SensorMode.DEFERRED, pool"),
        ("    Stalled,\n", "    SensorMode,\n    Stalled,\n"),
    ]
    run, _, total = lab("break-it-eight-ways", *changes)["verdicts"]["silent stall"]
    assert (run, total) == ("success", 1000)


def test_a_chain_takes_its_length_in_ticks(lab: Lab) -> None:
    names = lab("how-long-is-a-tick")
    for tick in names["ticks"]:
        line = names["series"][f"tick of {tick} s"]
        assert line == [length * tick for length in names["lengths"]]


def test_two_seconds_are_ten_eight_times_over(lab: Lab) -> None:
    names = lab("how-long-is-a-tick")
    busy, chain = names["busy"], names["chain"]
    assert busy(chain(8), 2, tick_seconds=5) == 80 == 5 * 16
    assert [busy(chain(1), length, tick_seconds=5) for length in (1, 5, 6)] == [10, 10, 15]


def test_only_side_by_side_beats_the_work(lab: Lab) -> None:
    names = lab("how-long-is-a-tick")
    faster = [name for name, seconds in names["figures"].items() if seconds < 16]
    assert faster == ["8 side by side, 8 workers, tick of 5 s"]


def test_what_the_second_lab_asks_has_an_answer(lab: Lab) -> None:
    names = lab("how-long-is-a-tick")
    busy, chain, eight = names["busy"], names["chain"], names["side_by_side"]
    one_worker = busy(eight, 2, tick_seconds=5, workers=1)
    assert one_worker == names["figures"]["a chain of 8, tick of 5 s"]
    by_tick = {tick: busy(chain(8), 6, tick_seconds=tick) for tick in (2, 3, 5, 6, 7)}
    assert max(by_tick, key=by_tick.get) == 5
    assert busy(eight, 2, tick_seconds=5, workers=8, parallelism=2) == 40


def test_no_choice_puts_an_append_right(lab: Lab) -> None:
    totals = lab("backfill-without-double-counting")["totals"]
    right = {pair for pair, total in totals.items() if total == 3000}
    assert right == {(w, m) for w in ("overwrite", "upsert") for m in ("failed", "completed")}
    assert {total for (_, mode), total in totals.items() if mode == "none"} == {2500}


def test_an_upsert_keeps_a_cancelled_order(lab: Lab) -> None:
    figures = lab("backfill-without-double-counting")["figures"]
    assert figures == {"append": 4400, "overwrite": 2900, "upsert": 3000}


def test_a_transaction_puts_one_append_right(lab: Lab) -> None:
    change = ('"transaction": False', '"transaction": True')
    totals = lab("backfill-without-double-counting", change)["totals"]
    assert [totals["append", mode] for mode in ("none", "failed", "completed")] == [
        2000,
        3000,
        4000,
    ]
