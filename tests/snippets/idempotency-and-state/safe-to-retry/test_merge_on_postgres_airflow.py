import re
from collections.abc import Iterator
from datetime import date
from threading import Thread
from types import ModuleType

import pytest
from psycopg2 import connect
from psycopg2.errors import (
    CardinalityViolation,
    DeadlockDetected,
    DuplicateTable,
    LockNotAvailable,
    NotNullViolation,
    UniqueViolation,
)

from testbed.sandbox import ROOT
from tests.words import Words

DAY = date(2026, 5, 11)
PAGE = ROOT / "docs/idempotency-and-state/safe-to-retry.md"
FENCE = re.compile(r"```sql\n((?!.*--8<--)[^`]+)```")


@pytest.fixture
def warehouse(program: ModuleType) -> Iterator[None]:
    with program.warehouse():
        yield


@pytest.fixture
def constrained(program: ModuleType) -> Iterator[None]:
    with program.warehouse(program.CONSTRAINT):
        yield


def answer(program: ModuleType, sql: str) -> list[tuple]:
    """Run statements in the warehouse; return what the last of them selects."""
    with connect(program.warehouses[-1]) as connection:
        cursor = connection.cursor()
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def queries_of_the_page() -> list[str]:
    """Read the queries that the card has below it, as asked on the morning of 12 May."""
    card = PAGE.read_text(encoding="utf-8").partition("{ #card }")[2].partition("{ #check }")[0]
    query, repair = FENCE.findall(card)
    assert "CURRENT_DATE" in query
    return [query.replace("CURRENT_DATE", "DATE '2026-05-12'"), repair]


@pytest.mark.usefixtures("warehouse")
def test_bug_is_real(program: ModuleType) -> None:
    night = program.run_night("row_id", "after COMMIT")
    assert night == ([(10, 0), (10, 0)], "success", 20)


@pytest.mark.usefixtures("warehouse")
def test_fix_holds(program: ModuleType) -> None:
    night = program.run_night("order_id", "after COMMIT")
    assert night == ([(10, 0), (0, 10)], "success", 10)


@pytest.mark.usefixtures("warehouse")
def test_the_uniqueness_of_a_drawn_id_says_nothing(program: ModuleType) -> None:
    program.run_night("row_id", "after COMMIT")
    ids = "select count(*), count(distinct row_id), count(distinct order_id) from raw.orders"
    assert answer(program, ids) == [(20, 20, 10)]


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize("key", ["row_id", "order_id"])
def test_before_its_commit_a_crash_is_rolled_back(program: ModuleType, key: str) -> None:
    night = program.run_night(key, "before COMMIT")
    assert night == ([(10, 0), (10, 0)], "success", 10)


def test_a_corrected_amount_replaces_the_first(program: ModuleType, constrained: None) -> None:
    first = "update staging.orders set eur = 90 where order_id = 'order 1'"
    for statement in (program.KEPT, first, program.KEPT):
        answer(program, statement)
    assert answer(program, "select count(*), sum(eur) from raw.orders") == [(10, 990)]


def test_an_order_that_the_source_dropped_stays(program: ModuleType, constrained: None) -> None:
    dropped = "delete from staging.orders where order_id = 'order 1'"
    for statement in (program.KEPT, dropped, program.KEPT):
        answer(program, statement)
    assert answer(program, "select count(*) from raw.orders") == [(10,)]


@pytest.mark.parametrize("load", ["KEPT", "CONFLICT"])
def test_an_order_that_is_staged_twice_is_an_error(
    program: ModuleType, constrained: None, load: str
) -> None:
    statement = getattr(program, load)
    answer(program, "insert into staging.orders select * from staging.orders limit 1")
    with pytest.raises((UniqueViolation, CardinalityViolation)):
        answer(program, statement)
    assert answer(program, "select count(*) from raw.orders") == [(0,)]
    answer(program, "insert into raw.orders select gen_random_uuid(), 'order 1'")
    with pytest.raises((UniqueViolation, CardinalityViolation)):
        answer(program, statement)
    assert answer(program, "select count(*) from raw.orders") == [(1,)]


@pytest.mark.usefixtures("warehouse")
def test_without_the_constraint_a_merge_inserts_an_order_that_is_staged_twice_twice(
    program: ModuleType, page: Words
) -> None:
    page.says("Without it, `MERGE` inserts a new order twice.")
    answer(program, "insert into staging.orders select * from staging.orders limit 1")
    answer(program, program.KEPT)
    counted = "select count(*), count(distinct order_id) from raw.orders"
    assert answer(program, counted) == [(11, 10)]
    answer(program, "insert into staging.orders values ('order 11', '2026-05-11 12:00', 100)")
    with pytest.raises(CardinalityViolation):  # what is there is not updated twice
        answer(program, program.KEPT)


@pytest.mark.parametrize(("load", "doubled"), [("DRAWN", 10), ("KEPT", 0)])
@pytest.mark.usefixtures("warehouse")
def test_twice_and_taken_back(program: ModuleType, load: str, doubled: int) -> None:
    assert twice(program, getattr(program, load)) == [(doubled,)]
    assert answer(program, "select count(*) from raw.orders") == [(0,)]


@pytest.mark.usefixtures("warehouse")
def test_in_one_transaction_the_clock_stands(program: ModuleType) -> None:
    from_clock = program.DRAWN.replace("gen_random_uuid()", "md5(order_id || now())::uuid")
    assert twice(program, from_clock) == [(0,)]
    for _ in range(2):
        answer(program, from_clock)
    assert answer(program, "select count(*) from raw.orders") == [(20,)]


def twice(program: ModuleType, load: str) -> list[tuple]:
    """Do as psql does with the file of the load; return what is selected before the rollback."""
    script = program.TWICE.replace("\\i load_orders.sql", load)
    select, _, end = script.partition("ROLLBACK;")
    assert load in select
    with connect(program.warehouses[-1]) as connection:
        cursor = connection.cursor()
        cursor.execute(select)
        found = cursor.fetchall()
        cursor.execute(f"ROLLBACK;{end}")
    return found


@pytest.mark.usefixtures("warehouse")
def test_an_assertion_in_the_transaction_stops_the_second_copy(program: ModuleType) -> None:
    answer(program, program.DRAWN)
    with connect(program.warehouses[-1]) as second:
        program.merged(second, program.DRAWN)
        assert program.rows(second) == 20  # not the ten that were declared: raise
        second.rollback()
    assert answer(program, "select count(*) from raw.orders") == [(10,)]


def statements(program: ModuleType) -> list[str]:
    """Split the building of the index from the constraint that takes it."""
    build, attach, _not_null, _ = program.CONSTRAINT.split(";")
    return [build, attach]


def alone(program: ModuleType, statement: str) -> None:
    """Run a statement outside of a transaction."""
    connection = connect(program.warehouses[-1])
    connection.autocommit = True
    connection.cursor().execute(statement)


@pytest.mark.usefixtures("warehouse")
def test_the_constraint_waits_for_the_repair(program: ModuleType) -> None:
    build, attach = statements(program)
    program.run_night("row_id", "after COMMIT")
    with pytest.raises(UniqueViolation):
        alone(program, build)
    invalid = "select indexrelid::regclass::text from pg_index where not indisvalid"
    assert answer(program, invalid) == [("raw.one_row_per_order",)]
    with pytest.raises(DuplicateTable):  # the index that cannot be used is in the way
        alone(program, build)
    answer(program, "truncate raw.orders; drop index raw.one_row_per_order")
    for statement in (build, attach):
        alone(program, statement)


PLAIN = "ALTER TABLE raw.orders ADD CONSTRAINT one_row_per_order UNIQUE (order_id)"
SELECT, INSERT = "select 1 from raw.orders", "insert into raw.orders values (gen_random_uuid())"


def blocked(program: ModuleType, statement: str) -> bool:
    """Tell whether a statement has to wait for a lock."""
    try:
        answer(program, f"set lock_timeout = '200ms'; {statement}")
    except LockNotAvailable:
        return True
    return False


@pytest.mark.usefixtures("warehouse")
def test_a_constraint_that_builds_its_index_keeps_readers_and_writers_out(
    program: ModuleType,
) -> None:
    building = connect(program.warehouses[-1])
    building.cursor().execute(PLAIN)
    assert blocked(program, SELECT)
    assert blocked(program, INSERT)
    building.rollback()


@pytest.mark.usefixtures("warehouse")
def test_an_index_that_is_built_concurrently_lets_them_pass(program: ModuleType) -> None:
    build, _ = statements(program)
    program.run_night("order_id", "never")
    writer = connect(program.warehouses[-1])
    writer.cursor().execute(INSERT)  # its open transaction makes the build wait half-way
    thread = Thread(target=alone, args=(program, build))
    thread.start()
    while not program.waits():
        pass
    assert thread.is_alive()
    assert not blocked(program, SELECT)
    assert not blocked(program, INSERT)
    writer.rollback()
    thread.join()


NO_NUMBER = "insert into staging.orders values (null, '2026-05-11 12:00', 100)"


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize("load", ["KEPT", "CONFLICT"])
def test_an_order_without_a_number_is_inserted_again_unless_it_is_refused(
    program: ModuleType, load: str
) -> None:
    *unique, not_null, _ = program.CONSTRAINT.split(";")
    for statement in unique:
        alone(program, statement)
    answer(program, NO_NUMBER)
    for rows in (11, 12):
        answer(program, getattr(program, load))
        assert answer(program, "select count(*) from raw.orders") == [(rows,)]
    with pytest.raises(NotNullViolation):
        alone(program, not_null)
    answer(program, "truncate raw.orders")
    alone(program, not_null)
    with pytest.raises(NotNullViolation):
        answer(program, getattr(program, load))
    assert answer(program, "select count(*) from raw.orders") == [(0,)]


NOT_NULL = "ALTER TABLE raw.orders ALTER COLUMN order_id SET NOT NULL"


def proved(program: ModuleType) -> bool:
    """Tell whether `SET NOT NULL` finds a constraint that spares it the reading."""
    with connect(program.warehouses[-1]) as connection:
        connection.cursor().execute(f"set client_min_messages = debug1; {NOT_NULL}")
        connection.rollback()
    return "sufficient to prove that it does not contain nulls" in "".join(connection.notices)


@pytest.mark.usefixtures("warehouse")
def test_a_valid_check_spares_not_null_the_reading_and_keeps_nobody_out(
    program: ModuleType, page: Words
) -> None:
    page.says("then run one statement at a time, each after the last has succeeded")
    program.run_night("order_id", "never")
    assert NOT_NULL in program.CONSTRAINT
    assert not proved(program)
    timeout, add, validate, not_null, drop, _ = program.CHECKED.split(";")
    alone(program, add)
    assert not proved(program)
    validating = connect(program.warehouses[-1])
    validating.cursor().execute(validate)
    assert not blocked(program, SELECT)
    assert not blocked(program, INSERT.replace("()", "(), 'order 11'"))
    validating.commit()
    assert proved(program)
    holding = connect(program.warehouses[-1])
    holding.cursor().execute(f"{timeout}; {not_null}")
    assert blocked(program, SELECT)
    holding.commit()
    alone(program, drop)
    assert answer(program, "select 1 from pg_constraint where conname = 'has_number'") == []
    with pytest.raises(NotNullViolation):
        answer(program, INSERT)


@pytest.mark.usefixtures("warehouse")
def test_the_timeout_stops_the_index_from_becoming_the_constraint(
    program: ModuleType, page: Words
) -> None:
    page.says("So set the timeout before `UNIQUE USING INDEX`")
    build, attach = statements(program)
    alone(program, build)
    reader = connect(program.warehouses[-1])
    reader.cursor().execute(SELECT)
    timeout, add, *_ = program.CHECKED.split(";")
    for statement in (attach, add):
        with pytest.raises(LockNotAvailable):
            answer(program, f"{timeout}; {statement}")
    reader.rollback()
    assert not proved(program)  # so it would read the table under the lock


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize("kept", ["", "SET lock_timeout = '2s';"], ids=["no limit", "a limit"])
def test_a_change_that_waits_for_its_lock_holds_up_all_who_come_later(
    program: ModuleType, page: Words, kept: str
) -> None:
    page.says("an `ALTER TABLE` that waits for it holds up everyone who comes later")
    assert kept in program.CHECKED
    reader = connect(program.warehouses[-1])
    reader.cursor().execute(SELECT)  # its transaction stays open
    stopped: list[str] = []
    waits = (connect(program.warehouses[-1]), f"{kept}{NOT_NULL}", stopped)
    thread = Thread(target=program.commit, args=waits)
    thread.start()
    while not program.waits():
        pass
    assert blocked(program, SELECT)
    if kept:
        thread.join()  # the limit ends it, and the next one passes
        assert not blocked(program, SELECT)
    reader.rollback()
    thread.join()
    assert stopped == ([LockNotAvailable.__name__] if kept else [])


GATE = """
create function raw.gate() returns trigger language plpgsql as $$ begin
    if new.order_id = 'order 5' then perform pg_advisory_xact_lock_shared(1); end if;
    return new;
end $$;
create trigger gate before insert on raw.orders for each row execute function raw.gate();
"""
DOWN = "(SELECT * FROM staging.orders ORDER BY order_id DESC) AS staged"


def half_way(program: ModuleType, one: str, other: str) -> tuple[list[str], list[str]]:
    """Stop one load half-way, let the other begin, and then both go on; return their errors."""
    gate = connect(program.warehouses[-1])
    gate.cursor().execute("select pg_advisory_xact_lock(1)")
    loads = []
    for number, statement in enumerate((one, other), 1):
        errors: list[str] = []
        work = (connect(program.warehouses[-1]), statement, errors)
        loads.append((Thread(target=program.commit, args=work), errors))
        loads[-1][0].start()
        while waiting(program) < number:
            pass
    gate.rollback()
    for thread, _ in loads:
        thread.join()
    return loads[0][1], loads[1][1]


def waiting(program: ModuleType) -> int:
    """Count the statements that wait for a lock."""
    [(number,)] = answer(program, "select count(*) from pg_locks where not granted")
    return number


@pytest.mark.usefixtures("constrained")
def test_without_an_order_two_loads_can_wait_for_each_other(program: ModuleType) -> None:
    answer(program, GATE)
    unsorted = program.CONFLICT.replace(" ORDER BY order_id", "")
    assert unsorted != program.CONFLICT
    down = unsorted.replace("staging.orders", DOWN)
    errors = half_way(program, unsorted.replace("staging.orders", DOWN.replace(" DESC", "")), down)
    assert sorted(errors) == [[], [DeadlockDetected.__name__]]
    assert answer(program, "select count(*) from raw.orders") == [(10,)]


@pytest.mark.usefixtures("constrained")
def test_in_one_order_the_later_load_waits_and_updates(program: ModuleType) -> None:
    answer(program, GATE)
    down = program.CONFLICT.replace("staging.orders", DOWN)
    assert half_way(program, program.CONFLICT, down) == ([], [])
    assert answer(program, "select count(*) from raw.orders") == [(10,)]


@pytest.mark.parametrize(
    ("how", "error", "retried", "rows"),
    [
        ("MERGE, no constraint", "", "", 20),
        ("MERGE, unique order_id", "UniqueViolation", "10 updated", 10),
        ("ON CONFLICT, unique order_id", "", "", 10),
    ],
)
def test_two_loads_at_once(
    program: ModuleType, how: str, error: str, retried: str, rows: int
) -> None:
    statement, *more = program.OVERLAPS[how]
    with program.warehouse(*more):
        assert program.at_once(statement) == (error, retried, rows)


@pytest.mark.usefixtures("warehouse")
def test_the_cards_query_tells_a_drawn_key_from_a_source_that_sent_twice(
    program: ModuleType,
) -> None:
    query, _ = queries_of_the_page()
    program.run_night("row_id", "after COMMIT")
    older = "insert into raw.orders values (gen_random_uuid(), 'old', '2026-05-03 23:59', 100)"
    answer(program, older)
    assert answer(program, query) == [(DAY, 20, 10, 20, 0, 2000)]
    program.run_night("order_id", "after COMMIT")
    assert answer(program, query) == [(DAY, 10, 10, 10, 0, 1000)]
    appended = program.DRAWN.replace("gen_random_uuid()", "md5(order_id)::uuid")
    answer(program, "alter table raw.orders drop constraint orders_row_id_key; truncate raw.orders")
    for _ in range(2):
        answer(program, appended.replace("t.row_id = s.row_id", "false"))
    assert answer(program, query) == [(DAY, 20, 10, 10, 0, 2000)]


@pytest.mark.usefixtures("warehouse")
def test_the_cards_query_shows_what_no_count_of_rows_does(program: ModuleType) -> None:
    query, _ = queries_of_the_page()
    program.run_night("order_id", "never")
    answer(program, "update raw.orders set eur = 2 * eur")
    assert answer(program, query) == [(DAY, 10, 10, 10, 0, 2000)]
    answer(program, "update raw.orders set order_id = null where order_id = 'order 1'")
    assert answer(program, query) == [(DAY, 9, 9, 9, 1, 2000)]


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize("matched", ["row_id", "order_id"])
def test_orders_without_a_number_look_like_no_drawn_key(program: ModuleType, matched: str) -> None:
    query, _ = queries_of_the_page()
    query = query.replace("THEN row_id END", f"THEN {matched} END")
    answer(program, ";".join([NO_NUMBER] * 3))
    answer(program, program.KEPT)
    assert answer(program, query) == [(DAY, 10, 10, 10, 3, 1300)]
    answer(program, program.DRAWN)  # and one load more that matches nothing
    ids = 20 if matched == "row_id" else 10
    assert answer(program, query) == [(DAY, 20, 10, ids, 6, 2600)]


@pytest.mark.usefixtures("warehouse")
def test_the_cards_repair_leaves_one_row_for_each_order_and_the_other_days(
    program: ModuleType,
) -> None:
    _, repair = queries_of_the_page()
    program.run_night("row_id", "after COMMIT")
    other = "insert into raw.orders values (gen_random_uuid(), 'order 11', '{} 00:00', 100)"
    for day in ("2026-05-10", "2026-05-12"):
        answer(program, other.format(day))
    script = repair.replace("\\i load_orders.sql", program.KEPT)
    assert program.KEPT in script
    with connect(program.warehouses[-1]) as connection:
        cursor = connection.cursor()
        cursor.execute(script)
        assert cursor.fetchall() == [(10, 1000)]
        assert program.rows(connect(program.warehouses[-1])) == 22  # nobody else sees it yet
        cursor.execute("COMMIT;")
    assert answer(program, "select count(*) from raw.orders") == [(12,)]


def test_a_load_with_a_commit_of_its_own_is_not_taken_back(program: ModuleType) -> None:
    with program.warehouse():
        twice(program, f"BEGIN;{program.KEPT}COMMIT;")
        assert answer(program, "select count(*) from raw.orders") == [(10,)]
