import sys
from datetime import datetime, timedelta
from types import ModuleType

import pytest


@pytest.mark.parametrize(
    ("day", "nightly", "hourly"),
    [
        ("29 March", (1, "23, 24", "another hour"), (23, "1", "")),
        ("25 October", (1, "24, 25", "02:30+0200"), (24, "1, 2", "")),
    ],
)
def test_bug_is_real(program: ModuleType, day: str, nightly: tuple, hourly: tuple) -> None:
    sunday = program.SUNDAYS[day]
    assert program.summary(sunday, program.NIGHTLY) == nightly
    assert program.summary(sunday, program.HOURLY) == hourly


@pytest.mark.parametrize(("day", "hours"), [("29 March", 23), ("25 October", 25)])
def test_fix_holds(program: ModuleType, day: str, hours: int) -> None:
    sunday = program.SUNDAYS[day]
    runs, _, at = program.summary(sunday, program.NIGHTLY_AT_0430)
    assert (runs, at[:5]) == (1, "04:30")
    runs, apart, _ = program.summary(sunday, program.NIGHTLY_UTC)
    assert (runs, apart) == (1, "24")
    assert program.summary(sunday, program.HOURLY_UTC) == (hours, "1", "")


def test_each_fix_has_its_price(program: ModuleType) -> None:
    before, after = (datetime(2026, month, 15, tzinfo=program.BERLIN) for month in (3, 4))
    assert program.summary(before, program.NIGHTLY_UTC)[2] == "02:30+0100"
    assert program.summary(after, program.NIGHTLY_UTC)[2] == "03:30+0200"
    for sunday in program.SUNDAYS.values():
        assert program.summary(sunday, program.NIGHTLY_AT_0430)[1] != "24"


def test_any_other_sunday_is_as_expected(program: ModuleType) -> None:
    sunday = datetime(2026, 3, 15, tzinfo=program.BERLIN)
    assert program.summary(sunday, program.NIGHTLY) == (1, "24", "02:30+0100")
    assert program.summary(sunday, program.HOURLY) == (24, "1", "")


def test_hour_of_the_run_in_the_gap_depends_on_python(program: ModuleType) -> None:
    sunday = program.SUNDAYS["29 March"]
    (run,) = program.runs(sunday, sunday + timedelta(hours=12), *program.NIGHTLY)
    expected = "01:30+0100" if sys.version_info < (3, 13) else "03:30+0200"
    assert f"{run:%H:%M%z}" == expected
