import re
from itertools import permutations
from pathlib import Path
from types import ModuleType

import pytest

RATES, REVENUE = "load_rates", "fct_revenue_daily"


def figures(program: ModuleType, arrows: list[tuple[str, str]]) -> list[float]:
    return sorted(program.run_night(sequence) for sequence in program.sequences(arrows))


def test_bug_is_real(program: ModuleType) -> None:
    assert "('2026-02-19', 'GBP', 0.8)" in program.TABLES, "the rates of the day before do not help"
    assert figures(program, program.BEFORE) == [500.0] * 3 + [1000.0] * 12


def test_fix_holds(program: ModuleType) -> None:
    assert figures(program, program.AFTER) == [1000.0] * 12


def test_the_fix_adds_one_arrow(program: ModuleType) -> None:
    assert set(program.AFTER) - set(program.BEFORE) == {(RATES, REVENUE)}
    assert set(program.BEFORE) < set(program.AFTER)


@pytest.mark.parametrize("graph", ["BEFORE", "AFTER"])
def test_the_sequences_are_all_that_keep_the_arrows(program: ModuleType, graph: str) -> None:
    arrows = getattr(program, graph)
    keep = {
        order
        for order in permutations(program.TASKS)
        if all(order.index(before) < order.index(after) for before, after in arrows)
    }
    found = list(program.sequences(arrows))
    assert set(found) == keep
    assert len(found) == len(keep), "none comes twice"


def test_the_wrong_sequences_are_those_with_the_rates_after_revenue(program: ModuleType) -> None:
    for sequence in program.sequences(program.BEFORE):
        late = sequence.index(RATES) > sequence.index(REVENUE)
        assert program.run_night(sequence) == (500.0 if late else 1000.0)


def test_a_cycle_raises_and_names_the_tasks_that_can_never_start(program: ModuleType) -> None:
    with pytest.raises(program.CycleError, match="can never start: fct_revenue_daily, load_orders"):
        list(program.sequences([*program.AFTER, program.BACK]))
    with pytest.raises(program.CycleError):
        list(program.sequences([("load_orders", "load_orders")]))


def test_the_reads_find_the_missing_arrow_and_no_false_one(program: ModuleType) -> None:
    reads = program.reads(program.TASKS)
    assert program.missing(program.BEFORE, reads) == {(RATES, REVENUE)}
    assert program.missing(program.AFTER, reads) == set()
    assert reads == set(program.AFTER)


def test_a_path_is_as_good_as_an_arrow(program: ModuleType) -> None:
    rates_first = [*program.BEFORE, (RATES, "load_orders")]
    assert program.missing(rates_first, program.reads(program.TASKS)) == set()
    assert set(figures(program, rates_first)) == {1000.0}


def test_the_same_query_is_right_once_the_rates_are_in(program: ModuleType) -> None:
    early = next(one for one in program.sequences(program.BEFORE) if program.run_night(one) < 1000)
    warehouse = program.sqlite3.connect(":memory:")
    warehouse.executescript(program.TABLES)
    for task in (*early, REVENUE):
        warehouse.execute(program.TASKS[task], program.DAY)
    figures = warehouse.execute("select * from fct_revenue_daily").fetchall()
    assert figures == [("2026-02-20", 500.0), ("2026-02-20", 1000.0)]


def test_the_listing_of_the_sequences_needs_nothing_else(program: ModuleType) -> None:
    code = Path(program.__file__).read_text()
    [listing] = re.findall(r"\[start:sequences\]\n(.*?)# --8<-- \[end", code, re.S)
    names: dict = {}
    exec(listing, names)
    assert len(list(names["sequences"](program.BEFORE))) == 15


def test_an_order_without_a_rate_is_divided_by_null_and_sum_ignores_it(program: ModuleType) -> None:
    warehouse = program.sqlite3.connect(":memory:")
    assert warehouse.execute(
        "select 80.0 / null, sum(x) from (select 80.0 / null as x union all select 100.0)"
    ).fetchone() == (None, 100.0)
