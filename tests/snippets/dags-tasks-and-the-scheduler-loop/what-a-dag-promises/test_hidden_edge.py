from itertools import permutations
from types import ModuleType

import pytest


def test_bug_is_real(program: ModuleType) -> None:
    nights = program.figures(program.DAG(program.ARROWS))
    assert sorted(nights) == [500.0] * 3 + [1000.0] * 12


def test_fix_holds(program: ModuleType) -> None:
    nights = program.figures(program.DAG([*program.ARROWS, program.MISSING]))
    assert nights == [1000.0] * 12


@pytest.mark.parametrize("fixed", [False, True])
def test_the_sequences_are_all_that_keep_the_arrows(program: ModuleType, fixed: bool) -> None:
    arrows = [*program.ARROWS, program.MISSING] if fixed else program.ARROWS
    keep = {
        order
        for order in permutations(program.TASKS)
        if all(order.index(before) < order.index(after) for before, after in arrows)
    }
    found = list(program.DAG(arrows).sequences())
    assert set(found) == keep
    assert len(found) == len(keep), "none comes twice"


def test_the_wrong_sequences_are_those_with_the_rates_after_revenue(program: ModuleType) -> None:
    before, after = program.MISSING
    for order in program.DAG(program.ARROWS).sequences():
        late = order.index(before) > order.index(after)
        assert program.run_night(order) == (500.0 if late else 1000.0)


def test_a_cycle_raises_and_names_who_can_never_start(program: ModuleType) -> None:
    with pytest.raises(program.Cycle, match="can never start: fct_revenue_daily, load_orders"):
        program.DAG([*program.ARROWS, program.BACK])
    with pytest.raises(program.Cycle):
        program.DAG([("load_orders", "load_orders")])


def test_the_reads_find_the_missing_arrow_and_no_false_one(program: ModuleType) -> None:
    assert program.missing(program.ARROWS) == {program.MISSING}
    assert program.missing([*program.ARROWS, program.MISSING]) == set()
    assert program.reads() == {*program.ARROWS, program.MISSING}


def test_a_path_is_as_good_as_an_arrow(program: ModuleType) -> None:
    first_rates = [*program.ARROWS, ("load_rates", "load_orders")]
    assert program.missing(first_rates) == set()
    assert set(program.figures(program.DAG(first_rates))) == {1000.0}
