from tests.snippets.exercises import Graded

AGE = "def dead(looks):\n    return looks[-1].now - looks[-1].heartbeat > {}\n"
UNMOVED = """\
def dead(looks):
    newest = looks[-1]
    since = min(look.now for look in looks if look.heartbeat == newest.heartbeat)
    return newest.now - since > {}
"""
WRONG = {
    "a pod that is never restarted is safe": (
        "def dead(looks):\n    return False\n",
        "and in the 800 s since your watchdog has not said so",
    ),
    "ten minutes will do for a threshold": (AGE.format(600), "It has to be found within 180 s"),
    "one look that shows the old heartbeat is enough": (
        "def dead(looks):\n    *_, before, newest = looks[:1] + looks\n"
        "    return len(looks) > 1 and before.heartbeat == newest.heartbeat\n",
        "Two looks in one turn show the same heartbeat",
    ),
    "a row is as old as a turn is long": (
        AGE.format("LONGEST_TURN"),
        "its age grows to two turns, not to one",
    ),
    "the default threshold fits a row that does not move": (
        UNMOVED.format(30),
        "It is inside the longest healthy turn",
    ),
    "a threshold of two longest turns is the same": (
        AGE.format("2 * LONGEST_TURN"),
        "Its clock is 200 s behind the watchdog's",
    ),
    "the first look is as good as any": (
        "def dead(looks):\n    return looks[-1].heartbeat == looks[0].heartbeat\n",
        "Does your function need more than the one look it has at first?",
    ),
}


def test_bug_is_real(exercise: Graded) -> None:
    assert "This is the scheduler of 26 June" in exercise.given


def test_fix_holds(exercise: Graded) -> None:
    assert "two dead ones found" in exercise.solution


def test_each_wrong_answer_is_answered(exercise: Graded) -> None:
    assert exercise.unanswered(WRONG) == []
