from tests.snippets.exercises import Graded

LOAD = """\
def load_orders(warehouse, delivery):
    with warehouse:
        for orders in delivery.files:
            warehouse.executemany("insert into orders values (?, ?, ?)", orders)
"""
COUNT = '        (n,) = warehouse.execute("select count(*) from orders{}").fetchone()\n'
OF_THE_DAY = COUNT.format(" where day = '2026-03-13'")
WRONG = {
    "no file is the failure": (
        f"{LOAD}    if not delivery.files:\n        raise ValueError('no file')\n",
        "On the bank holiday the shop declared 0 orders and sent none, and your load raised "
        "ValueError('no file').",
    ),
    "saying that it failed is failing": (
        f"{LOAD}    return 'success' if delivery.declared is not None else 'failed'\n",
        "An orchestrator sees only that nothing was raised",
    ),
    "the load knows what it loaded": (
        f"{LOAD}        if sum(map(len, delivery.files)) != delivery.declared:\n"
        "            raise ValueError('not what was declared')\n",
        "none of them is from Friday",
    ),
    "counting the right day is asking the table": (
        f"{LOAD}        orders = [one for file in delivery.files for one in file]\n"
        "        if sum(day == delivery.day for _, day, _ in orders) != delivery.declared:\n"
        "            raise ValueError('not what was declared')\n"
        "        if delivery.declared is None:\n            raise ValueError('no manifest')\n",
        "the table has twenty, and your load returned: it counted what it read",
    ),
    "what is in the table came tonight": (
        f"{LOAD}{COUNT.format('')}        assert n == delivery.declared\n",
        "raised AssertionError(). If that was your check: does it count Thursday's ten rows too?",
    ),
    "some rows are enough": (
        f"{LOAD}{OF_THE_DAY}        if not n and delivery.declared != 0:\n"
        "            raise ValueError('empty')\n",
        "nine orders came of ten declared, and your load returned",
    ),
    "a check after the load will do": (
        f"{LOAD}{OF_THE_DAY[4:]}    if n != delivery.declared:\n        raise ValueError(n)\n",
        "9 rows of it are committed",
    ),
}


def test_bug_is_real(exercise: Graded) -> None:
    assert "On the night of the moved files no file came" in exercise.given


def test_fix_holds(exercise: Graded) -> None:
    assert "four red, each for a reason, and two green" in exercise.solution


def test_each_wrong_answer_is_answered(exercise: Graded) -> None:
    assert exercise.unanswered(WRONG) == []
