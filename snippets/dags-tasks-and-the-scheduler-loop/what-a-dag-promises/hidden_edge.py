"""All sequences keep the arrows, and some are wrong, until the missing arrow is drawn."""

import re
import sqlite3

# --8<-- [start:sequences]
from collections.abc import Iterable, Iterator
from graphlib import CycleError

Arrow = tuple[str, str]
Sequence = tuple[str, ...]


def upstream(task: str, arrows: Iterable[Arrow]) -> set[str]:
    """Name the tasks from which an arrow leads to this one."""
    return {before for before, after in arrows if after == task}


def sequences(arrows: list[Arrow], done: Sequence = ()) -> Iterator[Sequence]:
    """Yield every sequence that keeps all arrows and begins with `done`."""
    left = {task for arrow in arrows for task in arrow} - set(done)
    ready = sorted(task for task in left if upstream(task, arrows) <= set(done))
    if not left:
        yield done
    elif not ready:
        raise CycleError(f"can never start: {', '.join(sorted(left))}")
    for task in ready:
        yield from sequences(arrows, (*done, task))


# --8<-- [end:sequences]
BEFORE = [
    # --8<-- [start:bug]
    ("load_orders", "stg_orders"),
    ("stg_orders", "fct_revenue_daily"),
    ("fct_revenue_daily", "publish_dashboard"),
    ("load_rates", "fct_costs_daily"),
    # --8<-- [end:bug]
]
AFTER = [
    # --8<-- [start:fix]
    ("load_orders", "stg_orders"),
    ("stg_orders", "fct_revenue_daily"),
    ("fct_revenue_daily", "publish_dashboard"),
    ("load_rates", "fct_costs_daily"),
    ("load_rates", "fct_revenue_daily"),
    # --8<-- [end:fix]
]
BACK = ("publish_dashboard", "load_orders")
DAY = {"day": "2026-02-20"}  # the orders that Saturday's run loads
TABLES = """
    create table raw_orders (day, currency, amount);
    create table stg_orders (day, currency, amount);
    create table raw_rates (day, currency, per_eur);
    create table fct_revenue_daily (day, eur);
    create table fct_costs_daily (day, eur);
    create table dashboard (day, eur);
    insert into raw_rates values ('2026-02-19', 'GBP', 0.8), ('2026-02-19', 'USD', 1.2);
"""
REVENUE = """
-- --8<-- [start:revenue]
insert into fct_revenue_daily
select day, sum(case when currency = 'EUR' then amount else amount / per_eur end)
from stg_orders left join raw_rates using (day, currency)
where day = :day group by day
-- --8<-- [end:revenue]
"""
# Ten orders of EUR 100.00: five paid in euros, five in pounds.
ORDERS = ", ".join(["(:day, 'EUR', 100.0)"] * 5 + ["(:day, 'GBP', 80.0)"] * 5)
TASKS = {
    "load_orders": f"insert into raw_orders values {ORDERS}",
    "stg_orders": "insert into stg_orders select * from raw_orders where day = :day",
    "load_rates": "insert into raw_rates values (:day, 'GBP', 0.8), (:day, 'USD', 1.2)",
    "fct_revenue_daily": REVENUE,
    "fct_costs_daily": """
        insert into fct_costs_daily
        select day, 240.0 / per_eur from raw_rates where day = :day and currency = 'USD'
    """,
    "publish_dashboard": "insert into dashboard select * from fct_revenue_daily where day = :day",
}


# --8<-- [start:night]
def run_night(sequence: Sequence) -> float:
    """Run the tasks in this sequence; return the figure on the CFO dashboard."""
    warehouse = sqlite3.connect(":memory:")
    warehouse.executescript(TABLES)
    for task in sequence:
        warehouse.execute(TASKS[task], DAY)
    ((revenue,),) = warehouse.execute("select eur from dashboard")
    return revenue


# --8<-- [end:night]
# --8<-- [start:missing]
def all_upstream(task: str, arrows: list[Arrow]) -> set[str]:
    """Name all that ends before this task starts, however far back."""
    direct = upstream(task, arrows)
    return direct.union(*(all_upstream(one, arrows) for one in direct))


def missing(arrows: list[Arrow], reads: Iterable[Arrow]) -> set[Arrow]:
    """Find the pairs of writer and reader that no path of arrows puts in order."""
    return {
        (writer, reader) for writer, reader in reads if writer not in all_upstream(reader, arrows)
    }


# --8<-- [end:missing]
# --8<-- [start:reads]
def reads(tasks: dict[str, str]) -> set[Arrow]:
    """Pair every task with the tasks that write what it reads, by its SQL."""
    writer = {re.search(r"into (\w+)", sql)[1]: task for task, sql in tasks.items()}
    return {
        (writer[table], task)
        for task, sql in tasks.items()
        for table in re.findall(r"(?:from|join) (\w+)", sql)
    }


# --8<-- [end:reads]
if __name__ == "__main__":
    for arrows in (BEFORE, AFTER):
        nights = [run_night(sequence) for sequence in sequences(arrows)]
        print(f"{len(arrows)} arrows, and {len(nights)} sequences of the tasks keep them all")
        ends = [f"{nights.count(one)} end in EUR {one:.2f}" for one in sorted({*nights})]
        print(f"  {', '.join(ends)}")
        for before, after in missing(arrows, reads(TASKS)):
            print(f"  missing: {before} -> {after}")
    try:
        next(sequences([*AFTER, BACK]))
    except CycleError as error:
        print("an arrow from the dashboard back to load_orders")
        print(f"  {error}")
