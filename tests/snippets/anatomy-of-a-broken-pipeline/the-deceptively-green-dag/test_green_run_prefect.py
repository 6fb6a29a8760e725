from types import ModuleType

import pytest


@pytest.mark.parametrize("pipeline", ["submitted", "waited", "state_kept"])
def test_bug_is_real(program: ModuleType, pipeline: str) -> None:
    assert program.run_night(getattr(program, pipeline), []) == ("COMPLETED", 1)


@pytest.mark.parametrize(("pipeline", "notes"), [("raised", 0), ("returned", 1)])
def test_fix_holds(program: ModuleType, pipeline: str, notes: int) -> None:
    assert program.run_night(getattr(program, pipeline), []) == ("FAILED", notes)


def test_task_has_failed_all_the_same(program: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[str] = []
    hook = [lambda task, run, state: failed.append(state.type.value)]
    monkeypatch.setattr(program.extract, "on_failure_hooks", hook)
    for pipeline in program.FLOWS:
        program.run_night(pipeline, [])
    assert failed == ["FAILED"] * len(program.FLOWS)


def test_good_night_is_unchanged(program: ModuleType) -> None:
    for pipeline in program.FLOWS:
        assert program.run_night(pipeline, [10]) == ("COMPLETED", 1)
