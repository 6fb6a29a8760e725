from types import ModuleType

import pytest


@pytest.mark.parametrize("night", ["files moved", "bank holiday", "Sunday"])
def test_bug_is_real(program: ModuleType, night: str) -> None:
    ended = program.run_night(program.nightly, night)
    assert ended == ("COMPLETED", "Completed", "EUR 0.00")


def test_fix_holds(program: ModuleType) -> None:
    type_, name, reason = program.run_night(program.nightly_asserted, "files moved")
    assert (type_, name) == ("FAILED", "Failed")
    assert "0 loaded, None declared" in reason


def test_nothing_is_published_after_the_failure(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    published: list[int] = []
    monkeypatch.setattr(program, "publish_revenue", published.append)
    program.run_night(program.nightly_asserted, "files moved")
    assert published == []
    program.run_night(program.nightly, "files moved")
    assert published == [0]


def test_declared_empty_day_publishes_its_zero(program: ModuleType) -> None:
    ended = program.run_night(program.nightly_asserted, "bank holiday")
    assert ended == ("COMPLETED", "Completed", "EUR 0.00")


def test_skip_is_a_name_and_the_type_is_still_completed(program: ModuleType) -> None:
    type_, name, _ = program.run_night(program.nightly_asserted, "Sunday")
    assert (type_, name) == ("COMPLETED", "Skipped")


def test_good_night_is_unchanged(program: ModuleType) -> None:
    for pipeline in (program.nightly, program.nightly_asserted):
        ended = program.run_night(pipeline, "10 orders")
        assert ended == ("COMPLETED", "Completed", "EUR 1000.00")
