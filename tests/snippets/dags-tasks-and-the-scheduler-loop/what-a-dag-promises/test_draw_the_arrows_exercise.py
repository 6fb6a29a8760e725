from tests.snippets.exercises import Graded

WRONG = {
    "an arrow too many does no harm": (
        'ARROWS.append(("load_costs", "fct_margin"))\n',
        "load_orders waits for load_returns, and reads nothing that load_returns writes. "
        "With this arrow the night takes 6 minutes more",
    ),
    "an arrow without a table may be deleted": (
        'ARROWS[0] = ("load_costs", "fct_margin")\n',
        "stg_orders runs before load_returns has written raw_returns",
    ),
    "one after the other is safe": (
        "ARROWS = list(zip(TASKS, list(TASKS)[1:]))\n",
        "load_returns waits for load_orders, and reads nothing that load_orders writes. "
        "With this arrow the night takes 11 minutes more",
    ),
    "what a task reads is upstream of it, its own table too": (
        'ARROWS += [("load_costs", "fct_margin"), ("fct_balance", "fct_balance")]\n',
        "No night can run: fct_balance can never start",
    ),
    "an arrow points at what is needed": (
        'ARROWS.append(("fct_margin", "load_costs"))\n',
        "In every sequence fct_margin runs before load_costs",
    ),
    "an arrow joins tables": (
        'ARROWS.append(("raw_costs", "fct_margin"))\n',
        "An arrow names raw_costs, which is no task of this night",
    ),
}


def test_bug_is_real(exercise: Graded) -> None:
    assert "fct_margin runs before load_costs has written raw_costs" in exercise.given


def test_fix_holds(exercise: Graded) -> None:
    assert "the night takes 14 minutes" in exercise.solution


def test_each_wrong_answer_is_answered(exercise: Graded) -> None:
    assert exercise.unanswered(WRONG) == []


def test_an_arrow_that_a_path_implies_is_no_false_one(exercise: Graded) -> None:
    more = 'ARROWS.append(("load_orders", "fct_margin"))\n'
    assert exercise.exercise.grade(f"{exercise.exercise.solution}\n\n{more}").passed
