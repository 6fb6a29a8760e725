from types import ModuleType


def test_bug_is_real(program: ModuleType) -> None:
    assert [program.run_in_one(night) for night in program.NIGHTS] == ["FAILED", "FAILED"]


def test_fix_holds(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    assert program.run_apart(lost) == ("FAILED", "COMPLETED")
    assert program.run_apart(swapped) == ("COMPLETED", "FAILED")
