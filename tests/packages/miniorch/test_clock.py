import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniorch import (
    DAILY_DST,
    HOURLY_DST,
    INCIDENT,
    Dst,
    Every,
    FakeClock,
    Fold,
    Gap,
    Schedule,
    daily,
    hourly,
)

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def runs_on(day: date, schedule: Schedule) -> list[str]:
    """What a Berlin wall clock shows at each run of that local day, with its UTC offset."""
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)
    midnight = datetime(day.year, day.month, day.day, tzinfo=BERLIN) + timedelta(days=1)
    due = schedule.due(
        start - timedelta(seconds=1), midnight.astimezone(UTC) - timedelta(seconds=1)
    )
    return [f"{t.astimezone(BERLIN):%H:%M%z}" for t in due]


def test_time_stands_still_until_it_is_advanced() -> None:
    clock = FakeClock()
    before = clock.now()
    assert clock.now() == before
    clock.advance(0)
    clock.advance(0.5)
    clock.advance(4.5)
    assert clock.now() - before == timedelta(seconds=5)


def test_time_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="back"):
        FakeClock().advance(-1)


def test_a_start_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        FakeClock(datetime(2026, 3, 14))


def test_a_skewed_node_reads_another_time() -> None:
    clock = FakeClock()
    clock.skew["w1"] = -60
    assert clock.now("w1") == clock.now() - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("tool", "gap", "fold"),
    [
        ("airflow", ["03:30+0200"], ["02:30+0100"]),
        ("prefect", ["03:30+0200"], ["02:30+0200"]),
        ("dagster", ["03:00+0200"], ["02:30+0100"]),
        ("argo", [], ["02:30+0200", "02:30+0100"]),
    ],
)
def test_half_past_two_every_day_as_each_tool_does_it(
    tool: str, gap: list[str], fold: list[str]
) -> None:
    schedule = daily(2, 30, "Europe/Berlin", DAILY_DST[tool])
    assert runs_on(SPRING, schedule) == gap
    assert runs_on(AUTUMN, schedule) == fold
    assert runs_on(date(2026, 3, 28), schedule) == ["02:30+0100"]


@pytest.mark.parametrize(("tool", "runs"), [("airflow", 25), ("prefect", 24), ("dagster", 25)])
def test_hourly_on_the_day_of_25_hours_as_each_tool_does_it(tool: str, runs: int) -> None:
    schedule = hourly(0, "Europe/Berlin", HOURLY_DST[tool])
    assert len(runs_on(AUTUMN, schedule)) == runs
    assert len(runs_on(SPRING, schedule)) == 23


def test_an_hourly_schedule_that_takes_the_first_of_two_hours_pauses_for_two() -> None:
    due = hourly(0, "Europe/Berlin", HOURLY_DST["prefect"]).due(
        datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 4, tzinfo=UTC)
    )
    pauses = {b - a for a, b in itertools.pairwise(due)}
    assert pauses == {timedelta(hours=1), timedelta(hours=2)}


def test_a_zone_whose_clocks_change_needs_a_policy() -> None:
    with pytest.raises(ValueError, match="when clocks change in Europe/Berlin"):
        daily(2, 30, "Europe/Berlin")
    daily(2, 30)  # UTC has no such days


def test_a_fixed_interval_does_not_care_for_clock_changes() -> None:
    due = Every(3600).due(
        datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 25, 3, tzinfo=UTC)
    )
    assert [t.hour for t in due] == [1, 2, 3]


def test_a_fixed_interval_begins_at_its_anchor() -> None:
    anchor = datetime(2026, 3, 14, 3, tzinfo=UTC)
    day = timedelta(days=1)
    assert Every(43_200, anchor).due(anchor - day, anchor + day / 2) == [anchor, anchor + day / 2]


@pytest.mark.parametrize("schedule", [daily(3), hourly(), Every(86_400)])
def test_a_run_due_at_the_start_of_a_look_belongs_to_the_look_before(schedule: Schedule) -> None:
    due = schedule.due(INCIDENT, INCIDENT + timedelta(days=1))
    assert INCIDENT not in due
    assert due[-1] == INCIDENT + timedelta(days=1)


instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(
    lambda t: t.replace(tzinfo=UTC)
)
spans = st.timedeltas(timedelta(0), timedelta(days=4))
schedules = st.one_of(
    st.builds(
        daily,
        st.integers(0, 23),
        st.integers(0, 59),
        st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
        st.builds(Dst, st.sampled_from(Gap), st.sampled_from(Fold)),
    ),
    st.builds(
        hourly,
        st.integers(0, 59),
        st.just("Europe/Berlin"),
        st.builds(Dst, st.sampled_from(Gap), st.sampled_from(Fold)),
    ),
    st.builds(Every, st.integers(600, 90_000)),
)


@given(schedules, instants, spans, spans)
def test_no_run_is_lost_or_doubled_where_two_looks_meet(
    schedule: Schedule, start: datetime, first: timedelta, second: timedelta
) -> None:
    middle, end = start + first, start + first + second
    whole = schedule.due(start, end)
    assert schedule.due(start, middle) + schedule.due(middle, end) == whole
    assert whole == sorted(set(whole))
    assert all(start < t <= end for t in whole)


@given(schedules, instants)
def test_looking_from_any_zone_gives_the_same_instants(schedule: Schedule, start: datetime) -> None:
    end = start + timedelta(days=2)
    assert schedule.due(start.astimezone(BERLIN), end.astimezone(BERLIN)) == schedule.due(
        start, end
    )


@given(st.integers(0, 23), st.integers(0, 59), st.dates(date(2026, 1, 2), date(2026, 12, 30)))
def test_a_daily_schedule_that_skips_nothing_runs_once_on_every_day(
    hour: int, minute: int, day: date
) -> None:
    schedule = daily(hour, minute, "Europe/Berlin", DAILY_DST["airflow"])
    assert len(runs_on(day, schedule)) == 1
