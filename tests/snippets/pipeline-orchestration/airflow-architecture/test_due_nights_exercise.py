from tests.snippets.exercises import Graded

DUE = """\
def due(last, now):
    nights, night = [], {start}
    while night {until}:
        nights.append(night)
        night += DAY
    return nights{order}
"""
RIGHT = {"start": "last + DAY", "until": "<= now", "order": ""}


def answer(**changed: str) -> str:
    """Write the solution with one thing wrong."""
    return DUE.format(**RIGHT | changed)


WRONG = {
    "the clock alone knows": (
        "def due(last, now):\n    return [at_0312(now)] if at_0312(now) <= now else []\n",
        "At 05:12 the night was loaded, and it ran [8] again",
    ),
    "tonight is enough": (
        "def due(last, now):\n    tonight = at_0312(now)\n"
        "    return [tonight] if last < tonight <= now else []\n",
        "it ran [14]: `now` names one night, and the others",
    ),
    "the last night once more, to be safe": (
        answer(start="last"),
        "With the 7th loaded, it ran [7, 8]: `last` is in the table already",
    ),
    "up to the end of today": (
        answer(until="<= now + DAY"),
        "On the 8th, it ran [8, 9]: the export of a later night is not written yet",
    ),
    "before now, and not at it": (
        answer(until="< now"),
        "it ran []: a night is due from its own minute on",
    ),
    "a day has only a date": (
        answer(until="<= now or night.date() == now.date()"),
        "At 03:11 nothing is due yet",
    ),
    "the newest is wanted most": (
        answer(order="[::-1]"),
        "all five, but the CFO's running total needs the oldest first",
    ),
    "the loop will find the next night by itself": (
        "def due(last, now):\n    nights, night = [], last + DAY\n"
        "    while night <= now:\n        nights.append(night)\n    return nights\n",
        "It has run 1000 lines and goes on",
    ),
    "one after the other from now": (
        "def due(last, now):\n    late = (now - last) // DAY\n"
        "    return [now - n * DAY for n in range(late)][::-1]\n",
        "A night is named by its own 03:12",
    ),
}


def test_bug_is_real(exercise: Graded) -> None:
    assert "At 03:11 nothing is due yet" in exercise.given


def test_fix_holds(exercise: Graded) -> None:
    assert "Four moments, and each night once" in exercise.solution


def test_each_wrong_answer_is_answered(exercise: Graded) -> None:
    assert exercise.unanswered(WRONG) == []
