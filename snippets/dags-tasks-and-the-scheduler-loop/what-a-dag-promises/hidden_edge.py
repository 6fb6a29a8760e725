"""All sequences keep the arrows, and some are wrong, until the missing one is drawn."""

import re
from collections.abc import Iterable, Iterator
from sqlite3 import Connection, connect

Arrow = tuple[str, str]
Sequence = tuple[str, ...]


class Cycle(ValueError):
    """Tasks that wait for themselves, so that no sequence has a place for them."""


# --8<-- [start:dag]
class DAG:
    """Tasks, and for each of them what has to end before it starts."""

    def __init__(self, arrows: Iterable[Arrow]) -> None:
        """Take the arrows; refuse them if a task could never start."""
        self.upstream: dict[str, set[str]] = {}
        for before, after in arrows:
            self.upstream.setdefault(before, set())
            self.upstream.setdefault(after, set()).add(before)
        done: set[str] = set()
        while ready := self.ready(done):
            done |= ready
        if stuck := self.upstream.keys() - done:
            raise Cycle(f"can never start: {', '.join(sorted(stuck))}")

    def ready(self, done: set[str]) -> set[str]:
        """Name the tasks that may start once those in `done` have ended."""
        left = self.upstream.keys() - done
        return {task for task in left if self.upstream[task] <= done}

    # --8<-- [end:dag]
    def sequences(self, done: Sequence = ()) -> Iterator[Sequence]:
        """Walk over every sequence that keeps all arrows."""
        if len(done) == len(self.upstream):
            yield done
        for task in sorted(self.ready(set(done))):
            yield from self.sequences((*done, task))

    def before(self, task: str) -> set[str]:
        """Name all that has to end before the task starts, however far back."""
        direct = self.upstream[task]
        return direct.union(*(self.before(one) for one in direct))


# --8<-- [start:arrows]
ARROWS = [
    ("load_orders", "stg_orders"),
    ("stg_orders", "fct_revenue_daily"),
    ("fct_revenue_daily", "publish_dashboard"),
    ("load_rates", "fct_costs_daily"),
]
# --8<-- [end:arrows]
# --8<-- [start:fix]
MISSING = ("load_rates", "fct_revenue_daily")
# --8<-- [end:fix]
BACK = ("publish_dashboard", "load_orders")

TABLES = """
    create table raw_orders (currency, amount);
    create table stg_orders (currency, amount);
    create table raw_rates (currency, per_eur);
    create table fct_revenue_daily (eur);
    create table fct_costs_daily (eur);
    create table dashboard (eur);
"""
# Ten orders of EUR 100.00: five paid in euros, five in pounds.
ORDERS = ", ".join(["('EUR', 100.0)"] * 5 + ["('GBP', 80.0)"] * 5)
TASKS = {
    "load_orders": f"insert into raw_orders values {ORDERS}",
    "stg_orders": "insert into stg_orders select * from raw_orders",
    "load_rates": "insert into raw_rates values ('GBP', 0.8), ('USD', 1.2)",
    # --8<-- [start:revenue]
    "fct_revenue_daily": """
        insert into fct_revenue_daily
        select sum(iif(currency = 'EUR', amount, amount / per_eur))
        from stg_orders left join raw_rates using (currency)
    """,
    # --8<-- [end:revenue]
    "fct_costs_daily": """
        insert into fct_costs_daily
        select 240.0 / per_eur from raw_rates where currency = 'USD'
    """,
    "publish_dashboard": "insert into dashboard select eur from fct_revenue_daily",
}


def run_night(sequence: Sequence) -> float:
    """Run the tasks in this sequence; return the figure on the CFO dashboard."""
    warehouse: Connection = connect(":memory:")
    warehouse.executescript(TABLES)
    for task in sequence:
        warehouse.execute(TASKS[task])
    ((revenue,),) = warehouse.execute("select eur from dashboard")
    return revenue


# --8<-- [start:reads]
def reads() -> set[Arrow]:
    """Pair every task with those that write what it reads, by its SQL."""
    writer = {re.search(r"into (\w+)", sql)[1]: task for task, sql in TASKS.items()}
    return {
        (writer[table], task)
        for task, sql in TASKS.items()
        for table in re.findall(r"(?:from|join) (\w+)", sql)
    }


# --8<-- [end:reads]
def missing(arrows: list[Arrow]) -> set[Arrow]:
    """Find what is read, and not waited for by any path."""
    dag = DAG(arrows)
    return {(writer, task) for writer, task in reads() if writer not in dag.before(task)}


def figures(dag: DAG) -> list[float]:
    """Run one night in every sequence that the graph allows."""
    return [run_night(one) for one in dag.sequences()]


if __name__ == "__main__":
    for arrows in (ARROWS, [*ARROWS, MISSING]):
        nights = figures(DAG(arrows))
        print(f"{len(arrows)} arrows, and {len(nights)} sequences keep them all")
        for figure in sorted(set(nights), reverse=True):
            print(f"  {nights.count(figure):>2} of them end in EUR {figure:.2f}")
        for before, after in missing(arrows):
            print(f"  missing: {before} -> {after}")
    try:
        DAG([*ARROWS, BACK])
    except Cycle as error:
        print("an arrow from the dashboard back to load_orders")
        print(f"  {error}")
