"""A clock that moves only when told, and schedules that say what they do on clock-change days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

INCIDENT = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)  # Saturday, 03:00 UTC


class FakeClock:
    """True time, plus what each node believes the time to be."""

    def __init__(self, start: datetime = INCIDENT) -> None:
        """Stand still at `start`, which must carry a time zone."""
        if start.tzinfo is None:
            raise ValueError("a clock needs a start with a time zone")
        self.time = start.astimezone(UTC)
        self.skew: dict[str, float] = {}  # node -> seconds ahead (+) or behind (-)

    def now(self, node: str = "scheduler") -> datetime:
        """The time that `node` reads off its own clock."""
        return self.time + timedelta(seconds=self.skew.get(node, 0))

    def advance(self, seconds: float) -> None:
        """Move true time forward; negative seconds are a ValueError."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self.time += timedelta(seconds=seconds)


class Schedule(Protocol):
    """Anything that can say when a DAG is due."""

    @property
    def tz(self) -> str:
        """The time zone in which a run's day is read."""

    def due(self, after: datetime, until: datetime) -> list[datetime]:
        """The UTC instants in (after, until] at which a run is due, in order."""


class Gap(StrEnum):
    """What a schedule does with a wall-clock time that does not happen (spring)."""

    SKIP = "skip"
    SHIFT_FORWARD_BY_GAP = "shift_forward_by_gap"  # 02:30 -> 03:30
    FIRST_INSTANT_AFTER = "first_instant_after"  # 02:30 -> 03:00


class Fold(StrEnum):
    """Which of two equal wall-clock times a schedule takes (autumn)."""

    FIRST = "first"
    SECOND = "second"
    BOTH = "both"


@dataclass(frozen=True)
class Dst:
    """A policy for the two days a year on which clocks change."""

    gap: Gap
    fold: Fold


# Seen in Airflow 3.3, Prefect 3.9 and Dagster 1.13 for `30 2 * * *`; Argo from its documentation.
DAILY_DST = {
    "airflow": Dst(Gap.SHIFT_FORWARD_BY_GAP, Fold.SECOND),
    "prefect": Dst(Gap.SHIFT_FORWARD_BY_GAP, Fold.FIRST),
    "dagster": Dst(Gap.FIRST_INSTANT_AFTER, Fold.SECOND),
    "argo": Dst(Gap.SKIP, Fold.BOTH),
}
# The same tools for `0 * * * *`; Argo is unchecked there and has no entry.
HOURLY_DST = {
    "airflow": Dst(Gap.SHIFT_FORWARD_BY_GAP, Fold.BOTH),
    "prefect": Dst(Gap.SHIFT_FORWARD_BY_GAP, Fold.FIRST),
    "dagster": Dst(Gap.FIRST_INSTANT_AFTER, Fold.BOTH),
}


@dataclass(frozen=True)
class WallClock:
    """Due at fixed times of the local day. Build it with `daily` or `hourly`."""

    times: tuple[time, ...]
    tz: str = "UTC"
    dst: Dst | None = None

    def __post_init__(self) -> None:
        """A zone whose clocks change needs a policy: there is no harmless default."""
        if self.tz != "UTC" and self.dst is None:
            raise ValueError(f"say what the schedule does when clocks change in {self.tz}: dst=")

    def due(self, after: datetime, until: datetime) -> list[datetime]:
        """The UTC instants in (after, until] at which a run is due, in order."""
        first = after.date() - timedelta(days=1)  # a day's margin at each end, for the offset
        days = [first + timedelta(days=n) for n in range((until - after).days + 4)]
        walls = (datetime.combine(day, at) for day in days for at in self.times)
        return sorted({t for wall in walls for t in self._instants(wall) if after < t <= until})

    def _instants(self, wall: datetime) -> Iterable[datetime]:
        """When the wall clock shows `wall`: one instant, two in a fold, none in a gap."""
        zone = ZoneInfo(self.tz)
        first, second = (wall.replace(tzinfo=zone, fold=f).astimezone(UTC) for f in (0, 1))
        if self.dst is None or first == second:
            return [first]
        if first < second:  # a fold: the hour happens twice
            return {
                Fold.FIRST: [first],
                Fold.SECOND: [second],
                Fold.BOTH: [first, second],
            }[self.dst.fold]
        return {  # a gap: `first` counts with the offset before it, `second` with the one after
            Gap.SKIP: [],
            Gap.SHIFT_FORWARD_BY_GAP: [first],
            Gap.FIRST_INSTANT_AFTER: [_change_of_offset(second, zone)],
        }[self.dst.gap]


@dataclass(frozen=True)
class Every:
    """Due every `seconds` from `anchor`, whatever the wall clocks show."""

    seconds: int
    anchor: datetime = INCIDENT
    tz: str = "UTC"

    def due(self, after: datetime, until: datetime) -> list[datetime]:
        """The UTC instants in (after, until] at which a run is due, in order."""
        period = timedelta(seconds=self.seconds)
        first = (after - self.anchor) // period + 1
        last = (until - self.anchor) // period
        return [self.anchor + n * period for n in range(max(first, 0), last + 1)]


def daily(hour: int, minute: int = 0, tz: str = "UTC", dst: Dst | None = None) -> WallClock:
    """Once a day at hour:minute, as `minute hour * * *` in cron."""
    return WallClock((time(hour, minute),), tz, dst)


def hourly(minute: int = 0, tz: str = "UTC", dst: Dst | None = None) -> WallClock:
    """Once an hour at :minute, as `minute * * * *` in cron."""
    return WallClock(tuple(time(hour, minute) for hour in range(24)), tz, dst)


def _change_of_offset(instant: datetime, zone: ZoneInfo) -> datetime:
    """The first whole minute after `instant` at which the zone's offset differs."""
    before = instant.astimezone(zone).utcoffset()
    while instant.astimezone(zone).utcoffset() == before:
        instant += timedelta(minutes=1)
    return instant
