from types import ModuleType

import pytest

NO_EXPORT = {"extract": "failed", "publish": "upstream_failed", "notify": "success"}
GOOD = dict.fromkeys(("extract", "publish", "notify", "run"), "success")


def test_bug_is_real(program: ModuleType) -> None:
    notified, _, _ = program.DAGS
    assert program.run_night(notified, "no export") == NO_EXPORT | {"run": "success"}


def test_fix_holds(program: ModuleType) -> None:
    _, watched, torn_down = program.DAGS
    night = program.run_night(watched, "no export")
    assert night == NO_EXPORT | {"watch": "failed", "run": "failed"}
    assert program.run_night(torn_down, "no export") == NO_EXPORT | {"run": "failed"}


def test_watcher_sees_each_task_that_it_comes_after(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(program.NIGHTS, "no price", {"export": [None]})
    _, watched, _ = program.DAGS
    assert program.run_night(watched, "no price") == GOOD | {
        "publish": "failed",
        "watch": "failed",
        "run": "failed",
    }


def test_good_night_is_unchanged(program: ModuleType) -> None:
    notified, watched, torn_down = program.DAGS
    assert program.run_night(notified, "10 orders") == GOOD
    assert program.run_night(watched, "10 orders") == GOOD | {"watch": "skipped"}
    assert program.run_night(torn_down, "10 orders") == GOOD


def test_price_is_that_a_failed_teardown_is_hidden(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    notified, _, torn_down = program.DAGS
    for pipeline, run in ((notified, "failed"), (torn_down, "success")):
        monkeypatch.setattr(pipeline.get_task("notify"), "python_callable", lambda: 1 / 0)
        night = program.run_night(pipeline, "10 orders")
        assert (night["notify"], night["run"]) == ("failed", run)
