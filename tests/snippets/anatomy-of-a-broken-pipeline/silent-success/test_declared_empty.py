from types import ModuleType


def test_bug_is_real(program: ModuleType) -> None:
    lost = program.NIGHTS["files moved"]
    assert program.skip_when_empty(lost) == "skipped"
    holiday = program.NIGHTS["bank holiday"]
    assert program.fail_when_empty(holiday) == "failed"


def test_fix_holds(program: ModuleType) -> None:
    verdicts = [program.compare_with_declared(night) for night in program.NIGHTS.values()]
    assert verdicts == ["success", "failed", "failed", "success, empty", "skipped"]


def test_rows_that_nobody_declared_fail(program: ModuleType) -> None:
    night = program.Night(due=True, declared=None, loaded=10)
    assert program.compare_with_declared(night) == "failed"
