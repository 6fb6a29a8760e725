from types import ModuleType


def test_bug_is_real(program: ModuleType) -> None:
    nights = {}
    for night in program.NIGHTS:
        state = program.run_in_one(night)
        nights[night] = (state, in_the_table(program) == program.LEDGER)
    assert nights == {"report lost": ("FAILED", True), "EUR/USD swapped": ("FAILED", False)}


def in_the_table(program: ModuleType) -> tuple[int, int]:
    return program.open_warehouse().execute("select count(*), sum(eur) from orders").fetchone()


def test_fix_holds(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    assert program.run_apart(lost) == ("FAILED", "COMPLETED")
    assert program.run_apart(swapped) == ("COMPLETED", "FAILED")
