"""Have this load raise unless Friday's orders are in the table, as many as the shop declares."""

# --8<-- [start:given]
from sqlite3 import Connection
from typing import NamedTuple


class Delivery(NamedTuple):
    """What the shop sent for one day."""

    day: str
    files: list[list[tuple[str, str, int]]]  # of orders, each with its id, its day and its euros
    declared: int | None  # how many orders its manifest declares; None if no manifest came


def load_orders(warehouse: Connection, delivery: Delivery) -> None:
    """Append every order of every file to the table orders (order_id, day, eur)."""
    with warehouse:  # a transaction: it commits at the end of the block, or rolls back on an error
        for orders in delivery.files:
            warehouse.executemany("insert into orders values (?, ?, ?)", orders)


# --8<-- [end:given]


# --8<-- [start:hints]
HINTS = [
    "The load knows what it read, which is not what arrived. "
    "Which query tells you how many orders of the delivery's day are in the table?",
    "Run that query inside the transaction, so that a raise rolls the rows back. Then compare its "
    "count with `delivery.declared`: a holiday declares 0, and a missing manifest is `None`, which "
    "equals no count at all.",
]
# --8<-- [end:hints]


# --8<-- [start:solution]
class NotDelivered(Exception):
    """The table holds another number of orders than the shop declared."""


def load_orders(warehouse: Connection, delivery: Delivery) -> None:
    """Append every order of every file, and commit only what the shop declared."""
    with warehouse:
        for orders in delivery.files:
            warehouse.executemany("insert into orders values (?, ?, ?)", orders)
        query = "select count(*) from orders where day = ?"
        (arrived,) = warehouse.execute(query, [delivery.day]).fetchone()
        if arrived != delivery.declared:
            raise NotDelivered(f"{arrived} orders of {delivery.day}, {delivery.declared} declared")


# --8<-- [end:solution]


# --8<-- [start:grader]
from sqlite3 import connect

FRIDAY, THURSDAY = "2026-03-13", "2026-03-12"


def orders_of(day: str) -> list[tuple[str, str, int]]:
    """Return the ten orders of a day."""
    return [(f"{day}/{number}", day, 100) for number in range(10)]


def night(
    files: list[list[tuple[str, str, int]]], declared: int | None, before: str = THURSDAY
) -> tuple[str, int]:
    """Load Friday where a day is loaded; return what was raised, and how many rows are new."""
    warehouse = connect(":memory:")
    warehouse.execute("create table orders (order_id, day, eur)")
    warehouse.executemany("insert into orders values (?, ?, ?)", orders_of(before))
    warehouse.commit()
    raised = ""
    try:
        load_orders(warehouse, Delivery(FRIDAY, files, declared))
    except Exception as error:
        raised = repr(error)
        warehouse.rollback()  # what an orchestrator's process leaves when it dies of an error
    (rows,) = warehouse.execute("select count(*) from orders").fetchone()
    return raised, rows - 10


def grade() -> str:
    """Hold the load against six nights, the ordinary one first."""
    friday = orders_of(FRIDAY)
    raised, rows = night([friday[:5], friday[5:]], declared=10)
    assert not raised, (
        "On an ordinary night ten orders came and ten were declared, and your load raised "
        f"{raised}. If that was your check: does it count Thursday's ten rows too? If it was SQL, "
        "the words in brackets say what the database did not understand."
    )
    assert rows == 10, (
        f"On an ordinary night ten orders came in two files, and the table has {rows} more."
    )
    raised, rows = night([], declared=None)
    assert raised, (
        "On the night of the moved files no file came and no manifest, and your load returned. "
        "An orchestrator sees only that nothing was raised: green, and Friday is €0.00."
    )
    raised, rows = night([], declared=0)
    assert not raised, (
        "On the bank holiday the shop declared 0 orders and sent none, and your load raised "
        f"{raised}. You are woken for nothing; what tells this night from the moved files?"
    )
    raised, rows = night([friday[:9]], declared=10)
    assert raised, (
        "On the night of the short delivery nine orders came of ten declared, and your load "
        "returned. Friday is €100 short, and no one will notice: is any row at all enough?"
    )
    assert rows == 0, (
        f"On the night of the short delivery your load raised, but {rows} rows of it are "
        "committed. The dashboard reads them: raise before the transaction ends."
    )
    raised, rows = night([orders_of(THURSDAY)], declared=10)
    assert raised, (
        "On the night of the old file Thursday's ten orders came again, and your load returned. "
        "They are as many as were declared, but none of them is from Friday: count by day."
    )
    raised, rows = night([friday], declared=10, before=FRIDAY)
    assert raised, (
        "On the night of the second delivery Friday was in the table already and came once more. "
        "Ten orders were declared, the table has twenty, and your load returned: it counted what "
        "it read. Ask the table."
    )
    return "Six nights: four red, each for a reason, and two green that you can believe."


# --8<-- [end:grader]

if __name__ == "__main__":
    from grading import show

    show(__file__)
