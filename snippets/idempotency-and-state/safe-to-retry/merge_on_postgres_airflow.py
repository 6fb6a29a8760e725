"""Airflow, PostgreSQL: a retried MERGE doubles on a drawn id, and holds on the order's number."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from airflow.sdk import DAG, TaskInstance, task
from psycopg2 import Error, connect
from psycopg2.extensions import connection as Connection

from testbed.postgres import Server, running

SCHEMA = """
create schema raw;
create schema staging;
create table raw.orders (row_id uuid not null unique, order_id text, event_time timestamp, eur int);
create table staging.orders (order_id text, event_time timestamp, eur int);
insert into staging.orders
select 'order ' || n, timestamp '2026-05-11 12:00', 100 from generate_series(1, 10) n;
"""
DRAWN = """
-- --8<-- [start:bug]
-- --8<-- [start:match]
MERGE INTO raw.orders AS t
USING (SELECT gen_random_uuid() AS row_id, * FROM staging.orders) AS s
   ON t.row_id = s.row_id
-- --8<-- [end:match]
WHEN MATCHED THEN
    UPDATE SET event_time = s.event_time, eur = s.eur
WHEN NOT MATCHED THEN
    INSERT (row_id, order_id, event_time, eur)
    VALUES (s.row_id, s.order_id, s.event_time, s.eur);
-- --8<-- [end:bug]
"""
KEPT = """
-- --8<-- [start:fix]
MERGE INTO raw.orders AS t
USING staging.orders AS s
   ON t.order_id = s.order_id
WHEN MATCHED THEN
    UPDATE SET event_time = s.event_time, eur = s.eur
WHEN NOT MATCHED THEN
    INSERT (row_id, order_id, event_time, eur)
    VALUES (gen_random_uuid(), s.order_id, s.event_time, s.eur);
-- --8<-- [end:fix]
"""
CONSTRAINT = """
-- --8<-- [start:constraint]
CREATE UNIQUE INDEX CONCURRENTLY one_row_per_order ON raw.orders (order_id);
ALTER TABLE raw.orders ADD CONSTRAINT one_row_per_order UNIQUE USING INDEX one_row_per_order;
ALTER TABLE raw.orders ALTER COLUMN order_id SET NOT NULL;
-- --8<-- [end:constraint]
"""
CHECKED = """
-- --8<-- [start:checked]
SET lock_timeout = '2s';
ALTER TABLE raw.orders ADD CONSTRAINT has_number CHECK (order_id IS NOT NULL) NOT VALID;
ALTER TABLE raw.orders VALIDATE CONSTRAINT has_number;
ALTER TABLE raw.orders ALTER COLUMN order_id SET NOT NULL;
ALTER TABLE raw.orders DROP CONSTRAINT has_number;
-- --8<-- [end:checked]
"""
CONFLICT = """
-- --8<-- [start:conflict]
INSERT INTO raw.orders AS t (row_id, order_id, event_time, eur)
SELECT gen_random_uuid(), order_id, event_time, eur FROM staging.orders ORDER BY order_id
ON CONFLICT (order_id) DO UPDATE SET event_time = excluded.event_time, eur = excluded.eur;
-- --8<-- [end:conflict]
"""
TWICE = r"""
-- --8<-- [start:twice]
BEGIN;
\i load_orders.sql
\i load_orders.sql
SELECT COUNT(*) - COUNT(DISTINCT order_id) AS doubled FROM raw.orders;
ROLLBACK;
-- --8<-- [end:twice]
"""
MERGES = {"row_id": DRAWN, "order_id": KEPT}
FAULTS = ("never", "before COMMIT", "after COMMIT")
log: list[tuple[int, int]] = []  # of each attempt: rows inserted, rows updated
warehouses: list[str] = []  # the address of the one that is up


# --8<-- [start:load]
@task(retries=1)
def load_orders(params: dict, ti: TaskInstance) -> None:
    """Merge what is staged, and log what became of it; `merged` counts."""
    with connect(warehouses[-1]) as warehouse:  # it commits at the end of the block
        log.append(merged(warehouse, MERGES[params["key"]]))
        lose_connection("before COMMIT", params, ti)
    lose_connection("after COMMIT", params, ti)


def lose_connection(now: str, params: dict, ti: TaskInstance) -> None:
    """Fail the first attempt here, if this is where the night has its fault."""
    if now == params["fault"] and ti.try_number == 1:
        raise ConnectionResetError("connection reset by peer")


# --8<-- [end:load]
with DAG("nightly", params={"key": "row_id", "fault": "never"}) as nightly:
    load_orders()


@contextmanager
def warehouse(*more: str) -> Iterator[None]:
    """Run a PostgreSQL with ten staged orders and an empty table until the block ends."""
    with running() as server:
        warehouses.append(server.url("postgres").replace("+psycopg2", ""))
        server.execute(SCHEMA)
        for statements in more:
            run_alone(server, statements)
        yield


def run_alone(server: Server, statements: str) -> None:
    """Run each statement outside of a transaction, as `CONCURRENTLY` demands."""
    for statement in statements.split(";")[:-1]:
        server.execute(statement)


def merged(warehouse: Connection, merge: str) -> tuple[int, int]:
    """Run a MERGE; return how many rows it inserted and how many it updated."""
    before = rows(warehouse)
    cursor = warehouse.cursor()
    cursor.execute(merge)
    inserted = rows(warehouse) - before
    return inserted, cursor.rowcount - inserted


def rows(warehouse: Connection) -> int:
    """Count the rows of the table."""
    cursor = warehouse.cursor()
    cursor.execute("select count(*) from raw.orders")
    return cursor.fetchone()[0]


def run_night(key: str, fault: str) -> tuple[list[tuple[int, int]], str, int]:
    """Load the day into an empty table; return the log, the run's state and the rows."""
    log.clear()
    with connect(warehouses[-1]) as connection:
        connection.cursor().execute("truncate raw.orders")
    run = nightly.test(run_conf={"key": key, "fault": fault})
    return list(log), run.state, rows(connect(warehouses[-1]))


# --8<-- [start:overlap]
def at_once(statement: str) -> tuple[str, str, int]:
    """Let two loads overlap; return the later one's error, its retry and the rows in the end."""
    earlier, later = (connect(warehouses[-1]) for _ in range(2))
    earlier.cursor().execute(statement)
    errors: list[str] = []
    thread = Thread(target=commit, args=(later, statement, errors))
    thread.start()
    while thread.is_alive() and not waits():
        pass
    earlier.commit()
    thread.join()
    retried = ""
    if errors:
        with connect(warehouses[-1]) as retry:
            retried = told(*merged(retry, statement))
    return "".join(errors), retried, rows(earlier)


def commit(connection: Connection, statement: str, errors: list[str]) -> None:
    """Run and commit, or note the error."""
    try:
        connection.cursor().execute(statement)
        connection.commit()
    except Error as error:
        errors.append(type(error).__name__)


# --8<-- [end:overlap]
def waits() -> bool:
    """Tell whether a statement waits for another one's transaction."""
    watcher = connect(warehouses[-1]).cursor()
    watcher.execute("select count(*) from pg_locks where not granted")
    return watcher.fetchone()[0] > 0


def told(inserted: int, updated: int) -> str:
    """Say what a MERGE did, which here is one or the other."""
    return f"{updated} updated" if updated else f"{inserted} inserted"


OVERLAPS = {
    "MERGE, no constraint": (KEPT,),
    "MERGE, unique order_id": (KEPT, CONSTRAINT),
    "ON CONFLICT, unique order_id": (CONFLICT, CONSTRAINT),
}

if __name__ == "__main__":
    print("connection lost   attempt 1    attempt 2    rows  run")
    with warehouse():
        for key in MERGES:
            print(f"MERGE on {key}")
            for fault in FAULTS:
                attempts, state, left = run_night(key, fault)
                cells = "".join(f"{told(*counts):<13}" for counts in attempts)
                print(f"  {fault:<16}{cells:<26}{left:<6}{state}")
    print("\ntwo loads at once             the later one    its retry   rows")
    for name, (statement, *more) in OVERLAPS.items():
        with warehouse(*more):
            error, retried, left = at_once(statement)
            print(f"{name:<30}{error or 'succeeds':<17}{retried:<12}{left}")
