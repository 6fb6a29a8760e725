"""Say which nights are due: all that were missed, and none that is loaded or still to come."""

# --8<-- [start:given]
from datetime import datetime, timedelta

DAY = timedelta(days=1)


def at_0312(moment: datetime) -> datetime:
    """Return 03:12 of the same day."""
    return moment.replace(hour=3, minute=12, second=0, microsecond=0)


def due(last: datetime, now: datetime) -> list[datetime]:
    """List the nights to run; `last` is the newest that is loaded. Cron knows only tonight."""
    return [at_0312(now)]


# --8<-- [end:given]
# --8<-- [start:hints]
HINTS = [
    "Cron compares the clock with a table and forgets. Use `last`, which cron does not have: it is "
    "where the list begins, and `now` is where it has to stop.",
    "Start with `night = last + DAY`. While `night <= now`, append it and add another `DAY`.",
]
# --8<-- [end:hints]


# --8<-- [start:solution]
def due(last: datetime, now: datetime) -> list[datetime]:
    """List every night after the last one that is loaded, up to now, oldest first."""
    nights = []
    night = last + DAY
    while night <= now:
        nights.append(night)
        night += DAY
    return nights


# --8<-- [end:solution]
# --8<-- [start:grader]
def night(day: int) -> datetime:
    """Return the time of the nightly run on a day of January."""
    return datetime(2026, 1, day, 3, 12)


def days(nights: list[datetime]) -> list[int]:
    """Return the days of some nights."""
    return [one.day for one in nights]


def grade() -> str:
    """Ask on an ordinary night, just before it, twice, and five days too late."""
    asked = days(due(night(7), night(8)))
    assert asked == [8], f"On an ordinary night, with the 7th loaded, it ran {asked}"

    asked = days(due(night(7), night(8) - timedelta(minutes=1)))
    assert asked == [], (
        f"At 03:11 nothing is due yet, and it ran {asked}: the export is not written"
    )

    asked = days(due(night(8), night(8) + timedelta(hours=2)))
    assert asked == [], (
        f"At 05:12 the night was loaded, and it ran {asked} again: append, and double"
    )

    asked = days(due(night(9), night(14) + timedelta(hours=7)))
    assert sorted(asked) == [10, 11, 12, 13, 14], (
        f"The VM came back on the 14th with five nights lost, and it ran {asked}; "
        "the analyst is missing the others"
    )
    assert asked == [10, 11, 12, 13, 14], (
        f"It ran {asked}: all five, but the CFO's running total needs the oldest first"
    )
    nights = due(night(9), night(14) + timedelta(hours=7))
    assert all((one.hour, one.minute) == (3, 12) for one in nights), (
        "A night is named by its own 03:12, whatever the time at which somebody asks"
    )
    return "Four moments, and each night once. This is what `catchup=True` does for a Dag."


# --8<-- [end:grader]

if __name__ == "__main__":
    from grading import show

    show(__file__)
