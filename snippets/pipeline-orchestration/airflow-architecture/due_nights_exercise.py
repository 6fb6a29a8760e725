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
import sys
from itertools import count

PATIENCE = 1000  # lines; the longest of these questions takes some twenty


def night(day: int) -> datetime:
    """Return the time of the nightly run on a day of January."""
    return datetime(2026, 1, day, 3, 12)


def bounded(last: datetime, now: datetime) -> list[datetime]:
    """Ask for the nights, and give up on a loop that does not end."""
    lines = count()

    def step(*_: object) -> object:
        assert next(lines) < PATIENCE, (
            f"It has run {PATIENCE} lines and goes on: a loop ends only if each turn brings "
            "`night` a day nearer to `now`"
        )
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        return due(last, now)
    finally:
        sys.settrace(before)


def asked(last: datetime, now: datetime) -> list[int]:
    """Return the days of the nights that it would run."""
    return [one.day for one in bounded(last, now)]


def grade() -> str:
    """Ask on an ordinary night, just before it, twice, and five days too late."""
    ran = asked(night(7), night(8))
    assert 7 not in ran, (
        f"With the 7th loaded, it ran {ran}: `last` is in the table already, so the list begins "
        "one day after it"
    )
    assert 9 not in ran, (
        f"On the 8th, it ran {ran}: the export of a later night is not written yet, so the list "
        "stops at `now`"
    )
    assert ran == [8], (
        f"At 03:12 on the 8th, with the 7th loaded, it ran {ran}: a night is due from its own "
        "minute on, so the one that equals `now` belongs to the list"
    )

    ran = asked(night(7), night(8) - timedelta(minutes=1))
    assert ran == [], (
        f"At 03:11 nothing is due yet, and it ran {ran}: the export is not written, because what "
        "counts is the time of a night and not its date"
    )

    ran = asked(night(8), night(8) + timedelta(hours=2))
    assert ran == [], (
        f"At 05:12 the night was loaded, and it ran {ran} again: the clock alone cannot know that, "
        "and `last` does"
    )

    back = night(9), night(14) + timedelta(hours=7)
    ran = asked(*back)
    assert sorted(ran) == [10, 11, 12, 13, 14], (
        f"The VM came back on the 14th with five nights lost, and it ran {ran}: `now` names one "
        "night, and the others are found by counting on from `last`"
    )
    assert ran == [10, 11, 12, 13, 14], (
        f"It ran {ran}: all five, but the CFO's running total needs the oldest first"
    )
    assert all((one.hour, one.minute) == (3, 12) for one in bounded(*back)), (
        "A night is named by its own 03:12, whatever the time at which somebody asks"
    )
    return (
        "Four moments, and each night once. `catchup=True` does this from the last run that was "
        "made, whether it failed or not."
    )


# --8<-- [end:grader]

if __name__ == "__main__":
    from grading import show

    show(__file__)
