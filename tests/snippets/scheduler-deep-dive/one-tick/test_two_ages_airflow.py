from types import ModuleType

import pytest

from testbed.airflow.installation import Installation
from tests.words import Words

Points = list[tuple[int, int]]


@pytest.fixture
def ages(program: ModuleType, airflow: Installation) -> tuple[Points, Points]:
    """The two sawteeth of one scheduler."""
    return program.two_ages(airflow)


def test_bug_is_real(program: ModuleType, ages: tuple[Points, Points]) -> None:
    rows, _ = ages
    assert program.age_at(rows, program.PAGED) == 40  # "last heartbeat 40 s ago"
    assert {age for _, age in rows} == {27, 54}


def test_fix_holds(program: ModuleType, ages: tuple[Points, Points]) -> None:
    _, beats = ages
    assert program.age_at(beats, program.PAGED) == 13  # and it was 13
    assert max(age for _, age in beats) == 27 < 30


def test_a_minute_earlier_the_row_said_something_else(
    program: ModuleType, ages: tuple[Points, Points]
) -> None:
    rows, _ = ages
    said = [when - program.age_at(rows, when) for when in (program.PAGED - 60, program.PAGED)]
    assert [program.clock(when) for when in said] == ["03:18:26", "03:19:20"]


def test_the_second_stale_reading_since_the_backfill_began_is_the_one_that_pages(
    program: ModuleType, ages: tuple[Points, Points], page: Words
) -> None:
    page.says("At 03:17 a colleague in another time zone started a backfill")
    page.says("pages you after two stale readings. At 03:18 the row was 28 s old.")
    began, (rows, _) = 3 * 3600 + 17 * 60, ages
    assert began <= program.START < began + 60  # so the reading of 03:17 knew short turns only
    minutes = range(began + 60, program.PAGED + 1, 60)
    assert [program.age_at(rows, when) for when in minutes] == [28, 34, 40]  # 30 is the threshold


def test_the_row_is_young_enough_for_three_seconds_of_a_turn(
    program: ModuleType, ages: tuple[Points, Points]
) -> None:
    rows, _ = ages
    (start, _), turn = rows[1], program.TURN
    young = [when for when in range(start, start + turn) if program.age_at(rows, when) < 30]
    assert len(young) == 3


def test_five_looks_a_minute_apart_kill_it(
    program: ModuleType, ages: tuple[Points, Points], page: Words
) -> None:
    page.says("With turns of 27 seconds eight looks in nine fail")
    rows, _ = ages
    turns = 9 * 60 // program.TURN  # after nine looks they fall on the same seconds again
    assert turns * program.TURN == 9 * 60
    for first in range(program.TURN):
        looks = [rows[1][0] + (first + 60 * look) % program.TURN for look in range(10)]
        failed = "".join("x" if program.age_at(rows, when) >= 30 else "." for when in looks)
        assert failed[:9].count("x") == 8
        assert "xxxxx" in failed
