"""Have this watchdog find a dead scheduler, and leave a slow one alone."""

# --8<-- [start:given]
from typing import NamedTuple

LONGEST_TURN = 60  # seconds that a healthy turn may take
FOUND = 180  # seconds within which to find a dead scheduler
# The watchdog looks every 10 seconds, and asks `dead`.
# If the answer is True, it deletes the scheduler's pod.


class Look(NamedTuple):
    """One look at the scheduler's row."""

    now: int  # seconds, on the watchdog's clock
    heartbeat: int  # seconds, on the scheduler's clock


def dead(looks: list[Look]) -> bool:
    """Tell a dead scheduler by all looks so far, newest last."""
    newest = looks[-1]
    return newest.now - newest.heartbeat > 30


# --8<-- [end:given]


# --8<-- [start:hints]
HINTS = [
    "How old a row looks depends on two clocks and on how long a turn is. "
    "What does the row of a living scheduler do sooner or later, and the row of a dead one never?",
    "Collect the times of the looks that show the same heartbeat as the newest. The row has stood "
    "still since the first of them: compare that with `LONGEST_TURN`, on one clock.",
]
# --8<-- [end:hints]


# --8<-- [start:solution]
def dead(looks: list[Look]) -> bool:
    """Tell a row that has not moved for longer than any turn."""
    newest = looks[-1]
    unmoved = [look.now for look in looks if look.heartbeat == newest.heartbeat]
    return newest.now - unmoved[0] > LONGEST_TURN


# --8<-- [end:solution]


# --8<-- [start:grader]
from itertools import takewhile

DIES, NEVER = 400, 10_000  # seconds


def looks_at(turn: int, dies: int, slow_clock: int = 0) -> list[Look]:
    """Look every 10 seconds at a scheduler with such turns, until 20 minutes have passed."""
    looks = []
    for now in range(turn, 1_200, 10):
        beats = min(now, dies) // turn
        looks.append(Look(now, (beats - 1) * turn - slow_clock))  # the row is one heartbeat behind
    return looks


def killed_at(looks: list[Look]) -> int | None:
    """Return when the watchdog deletes the pod, if it does."""
    alive = takewhile(lambda n: not dead(looks[:n]), range(1, len(looks) + 1))
    calm = len(list(alive))
    return looks[calm].now if calm < len(looks) else None


def told(looks: list[Look], when: int) -> str:
    """Say what the watchdog had seen when it deleted the pod."""
    newest = next(look for look in looks if look.now == when)
    since = min(look.now for look in looks if look.heartbeat == newest.heartbeat)
    return f"the row was {when - newest.heartbeat} s old and had moved {when - since} s before"


def spared(turn: int, why: str, slow_clock: int = 0) -> None:
    """Hold the watchdog against a healthy scheduler."""
    looks = looks_at(turn, NEVER, slow_clock)
    when = killed_at(looks)
    if when is not None:
        raise AssertionError(
            f"A healthy scheduler whose turns take {turn} s was killed: {told(looks, when)}, and "
            f"the tasks that it ran begin again. {why}"
        )


def grade() -> str:
    """Hold the watchdog against six healthy schedulers and two that die."""
    spared(5, "This one is quick. Does your function need more than the one look it has at first?")
    for turn in (5, 60):
        when = killed_at(looks_at(turn, DIES))
        assert when is not None, (
            f"A scheduler whose turns took {turn} s died after {DIES} s, and in the 800 s since "
            "your watchdog has not said so. Nothing starts any more, and no one is told."
        )
        assert when < DIES or when - DIES <= FOUND, (
            f"A scheduler whose turns took {turn} s died after {DIES} s and was found dead "
            f"{when - DIES} s later. It has to be found within {FOUND} s: the nightly run waits."
        )
    spared(12, "Two looks in one turn show the same heartbeat. How far apart do they have to be?")
    spared(27, "This is the scheduler of 26 June, in the middle of a turn: its row gets 54 s old.")
    spared(35, "The row is one heartbeat behind, so its age grows to two turns, not to one.")
    spared(60, "It is inside the longest healthy turn. For how long may a row stand still?")
    spared(
        27,
        "Its clock is 200 s behind the watchdog's, so every row of it looks old. A comparison of "
        "two clocks cannot tell; what can you compare on one clock?",
        slow_clock=200,
    )
    return "Six healthy schedulers left alone, and two dead ones found within three minutes."


# --8<-- [end:grader]

if __name__ == "__main__":
    from grading import show

    show(__file__)
