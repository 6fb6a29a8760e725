from types import ModuleType

import pytest


@pytest.mark.parametrize("pipeline", ["submitted", "passed_on"])
def test_bug_is_real(program: ModuleType, pipeline: str) -> None:
    state, _ = program.run_flow(getattr(program, pipeline))
    assert state == "COMPLETED"


def test_fix_holds(program: ModuleType) -> None:
    state, message = program.run_flow(program.awaited)
    assert state == "FAILED"
    assert "copy job failed" in message


def test_next_task_does_not_run_on_the_failed_future(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    published: list[int] = []
    monkeypatch.setattr(program.publish_revenue, "fn", published.append)
    program.run_flow(program.passed_on)
    assert published == []
