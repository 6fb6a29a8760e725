from tests.snippets.exercises import Graded

WELL = """\
def pipeline_is_well(run):
    return run.state == "success" and run.ended <= "03:30"
"""
RIGHT = """\
def data_is_right(warehouse, day):
    query = "select count(*), coalesce(sum(cents), 0) from revenue where day = ?"
    found = warehouse.execute(query, [day]).fetchone()
    query = "select sum(orders), sum(cents) from ledger where day = ?"
    return found == warehouse.execute(query, [day]).fetchone()
"""
WOKEN = """\
def woken(well, right):
    if right:
        return "nobody"
    return "data's owner" if well else "pipeline's owner"
"""
WRONG = {
    "red wakes somebody": (
        WELL + RIGHT,
        "On Thursday's night your program wakes the pipeline's owner.",
    ),
    "as many orders are the right orders": (
        WELL
        + WOKEN
        + RIGHT.replace("count(*), coalesce(sum(cents), 0)", "count(*)").replace(
            ", sum(cents)", ""
        ),
        "ten orders are in the table and ten in the ledger, €1,090.00 against €1,000.00",
    ),
    "the total is enough": (
        WELL + WOKEN + RIGHT.replace("count(*), ", "").replace("sum(orders), ", ""),
        "the sum alone does not see it",
    ),
    "wrong data is for the data's owner": (
        WELL + RIGHT + 'def woken(well, right):\n    return "nobody" if right else "data\'s owner"',
        "The load was killed, nothing of the day is in the table, and your program wakes data's",
    ),
    "who is on call repairs it": (
        WELL + RIGHT + 'def woken(well, right):\n    return "nobody" if right else "pipeline\'s '
        'owner"',
        "On Friday's night your program wakes pipeline's owner.",
    ),
    "green is green": (
        RIGHT + WOKEN,
        "The run ended in success at 03:42, twelve minutes after it was due",
    ),
    "nothing to compare with is no fault": (
        WELL
        + WOKEN
        + RIGHT.replace(
            "sum(orders), sum(cents)", "coalesce(sum(orders), 0), coalesce(sum(cents), 0)"
        ),
        "no answer counts as wrong",
    ),
    "the page's query, which knows one row of the ledger": (
        WELL + WOKEN + RIGHT.replace("sum(orders), sum(cents) from", "orders, cents from"),
        "does it read one row of the ledger alone?",
    ),
    "before the half hour": (
        WELL.replace("<=", "<") + WOKEN + RIGHT,
        "is one that ends at 03:30 late?",
    ),
    "the sum of no rows": (
        WELL + WOKEN + RIGHT.replace("coalesce(sum(cents), 0)", "sum(cents)"),
        "On a bank holiday the table has no orders of the day",
    ),
    "all days at once": (
        WELL + WOKEN + RIGHT.replace(" where day = ?", "").replace("(query, [day])", "(query)"),
        "Does it count other days' orders too?",
    ),
}


def test_bug_is_real(exercise: Graded) -> None:
    assert "On Thursday's night your program wakes the pipeline's owner" in exercise.given


def test_fix_holds(exercise: Graded) -> None:
    assert "every wrong figure wakes its owner" in exercise.solution


def test_each_wrong_answer_is_answered(exercise: Graded) -> None:
    assert exercise.unanswered(WRONG) == []
