from types import ModuleType

FIVE = "5,000,000 bytes"


def test_bug_is_real(program: ModuleType) -> None:
    found = program.run(threshold=-1)
    assert [*found.values()] == [FIVE, FIVE, "0 bytes"]


def test_fix_holds(program: ModuleType) -> None:
    found = program.run(threshold=100_000)
    got, row, files = found.values()
    assert (got, files) == (FIVE, "5,000,002 bytes")
    assert row.startswith("file://")


def test_a_small_value_stays_in_the_database(program: ModuleType) -> None:
    found = program.run(threshold=6_000_000)
    assert found["the row of xcom holds"] == FIVE
