"""Prefect runs a 02:30 job at the first of two, and an hourly one 24 times in 25 h."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from prefect.server.schemas.schedules import CronSchedule

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAYS = {
    "29 March": datetime(2026, 3, 29, tzinfo=BERLIN),  # there is no 02:30
    "25 October": datetime(2026, 10, 25, tzinfo=BERLIN),  # there are two
}

# --8<-- [start:bug]
# Expected of any day: one run at 02:30, 24 hourly runs, 24 h and 1 h apart.
NIGHTLY = ("30 2 * * *", "Europe/Berlin")
HOURLY = ("0 * * * *", "Europe/Berlin")
# --8<-- [end:bug]
# --8<-- [start:fix]
NIGHTLY_AT_0430 = ("30 4 * * *", "Europe/Berlin")  # keeps the time of day
NIGHTLY_UTC = ("30 1 * * *", "UTC")  # keeps the distance
HOURLY_UTC = ("0 * * * *", "UTC")
# --8<-- [end:fix]
SCHEDULES = (NIGHTLY, HOURLY, NIGHTLY_AT_0430, NIGHTLY_UTC, HOURLY_UTC)


# --8<-- [start:ask]
def runs(start: datetime, end: datetime, cron: str, zone: str) -> list[datetime]:
    """Ask the schedule for its dates, as the server's scheduler does."""
    schedule = CronSchedule(cron=cron, timezone=zone)
    dates = asyncio.run(schedule.get_dates(start=start, end=end))
    return [date.astimezone(BERLIN) for date in dates]


# --8<-- [end:ask]


def summary(sunday: datetime, schedule: tuple[str, str]) -> tuple[int, str, str]:
    """Return the Sunday's runs, the hours between those of the weekend, the time."""
    saturday, end_of_monday = sunday - timedelta(days=1), sunday + timedelta(hours=47)
    weekend = runs(saturday, end_of_monday, *schedule)
    # In seconds, since two times of one zone subtract as their clocks show.
    seconds = [run.timestamp() for run in weekend]
    hours = {(later - earlier) / 3600 for earlier, later in pairwise(seconds)}
    on_sunday = [run for run in weekend if run.date() == sunday.date()]
    at = time_of(on_sunday[0], *schedule) if len(on_sunday) == 1 else ""
    return len(on_sunday), ", ".join(f"{hour:g}" for hour in sorted(hours)), at


def time_of(run: datetime, cron: str, zone: str) -> str:
    """Write when a run is, unless Python decides: 01:30 before 3.13, 03:30 since."""
    moved = run.astimezone(ZoneInfo(zone)).hour != int(cron.split()[1])
    return "another hour" if moved else f"{run:%H:%M%z}"


if __name__ == "__main__":
    for day, sunday in SUNDAYS.items():
        print(f"{day:<28}runs  hours apart  at")
        for schedule in SCHEDULES:
            cells = (*schedule, *summary(sunday, schedule))
            print("  {:<11}{:<15}{:<6}{:<13}{}".format(*cells).rstrip())
