"""It is six o'clock: answer both questions of a night, and say who is woken."""

# --8<-- [start:given]
from sqlite3 import Connection
from typing import NamedTuple


class Run(NamedTuple):
    """What the orchestrator recorded of the nightly run."""

    state: str  # running, success or failed
    ended: str  # as HH:MM; "" while it is running


def pipeline_is_well(run: Run) -> bool:
    """Say whether the run did its work by 03:30, when it was due."""
    return run.state == "success"


def data_is_right(warehouse: Connection, day: str) -> bool:
    """Say whether the table agrees with the shop's ledger for that day.

    Tables: revenue (day, order_id, cents), ledger (day, orders, cents).
    """
    query = "select count(*) from revenue where day = ?"
    (orders,) = warehouse.execute(query, [day]).fetchone()
    return orders > 0


def woken(well: bool, right: bool) -> str:
    """Answer "pipeline's owner", "data's owner" or "nobody"."""
    return "nobody" if well and right else "pipeline's owner"


# --8<-- [end:given]


# --8<-- [start:hints]
HINTS = [
    "Each function looks at one thing too few. What does the run know besides its state, what does "
    "the ledger know besides a count, and which two of the four quadrants can wait for the day?",
    "A run is well if it succeeded and ended by 03:30. Join the table's count and sum with the "
    "ledger's row by a left join: a missing ledger row compares as NULL, which is not true, and "
    "the sum of no rows must be 0. If the data is right nobody is woken; if it is wrong, the "
    "pipeline's owner acts first if the pipeline is sick too.",
]
# --8<-- [end:hints]


# --8<-- [start:solution]
def pipeline_is_well(run: Run) -> bool:
    """Say whether the run did its work by 03:30, when it was due."""
    return run.state == "success" and run.ended <= "03:30"


def data_is_right(warehouse: Connection, day: str) -> bool:
    """Say whether the table agrees with the shop's ledger for that day.

    Tables: revenue (day, order_id, cents), ledger (day, orders, cents).
    """
    query = """
        select found.orders = ledger.orders and found.cents = ledger.cents
        from (
            select count(*) as orders, coalesce(sum(cents), 0) as cents
            from revenue where day = ?
        ) as found
        left join ledger on ledger.day = ?
    """
    (agrees,) = warehouse.execute(query, [day, day]).fetchone()
    return bool(agrees)


def woken(well: bool, right: bool) -> str:
    """Answer "pipeline's owner", "data's owner" or "nobody"."""
    if right:
        return "nobody"
    return "data's owner" if well else "pipeline's owner"


# --8<-- [end:solution]


# --8<-- [start:grader]
from sqlite3 import connect

DAY, DAY_BEFORE = "2026-01-22", "2026-01-21"
IN_TIME, LATE = Run("success", "03:25"), Run("success", "03:42")
LOST, KILLED = Run("failed", "03:41"), Run("failed", "03:14")
TEN, SWAPPED = [100_00] * 10, [109_00] * 10


def night(run: Run, cents: list[int], ledger: list[int] | None = TEN) -> tuple[bool, bool, str]:
    """Give one night's table to the program; return both of its answers, and who is woken."""
    warehouse = connect(":memory:")
    warehouse.execute("create table revenue (day, order_id, cents)")
    warehouse.execute("create table ledger (day, orders, cents)")
    for day, amounts, sold in ((DAY_BEFORE, TEN, TEN), (DAY, cents, ledger)):
        rows = [(day, f"{day}/{number}", amount) for number, amount in enumerate(amounts)]
        warehouse.executemany("insert into revenue values (?, ?, ?)", rows)
        if sold is not None:
            row = [day, len(sold), sum(sold)]
            warehouse.execute("insert into ledger values (?, ?, ?)", row)
    well, right = pipeline_is_well(run), data_is_right(warehouse, DAY)
    return well, right, woken(well, right)


def grade() -> str:
    """Hold the program against nine nights, the ordinary one first."""
    well, right, wakes = night(IN_TIME, TEN)
    assert well and right and wakes == "nobody", (
        "On an ordinary night the run ended at 03:25 and the ledger agrees, and your program says "
        f"well: {well}, right: {right}, and wakes {wakes}. Does it count other days' orders too?"
    )
    well, right, wakes = night(LOST, TEN)
    assert not well and right, (
        "On Thursday's night the run failed at 03:41 and the table agrees with the ledger. Your "
        f"program says well: {well}, right: {right}."
    )
    assert wakes == "nobody", (
        f"On Thursday's night your program wakes the {wakes}. The figure has been right since "
        "03:40, and the red run can wait for the day: whom does it harm at 08:00?"
    )
    _, right, wakes = night(IN_TIME, SWAPPED)
    assert not right, (
        "On Friday's night ten orders are in the table and ten in the ledger, €1,090.00 against "
        "€1,000.00, and your program calls that right. What besides the count does it compare?"
    )
    assert wakes == "data's owner", (
        f"On Friday's night your program wakes {wakes}. The run has nothing to repair, since it "
        "would load the same export again: who can tell a euro from a dollar?"
    )
    _, right, _ = night(IN_TIME, [1_000_00])
    assert not right, (
        "One order of €1,000.00 is in the table, and ten in the ledger, with the same total. Your "
        "program calls that right: the sum alone does not see it."
    )
    well, right, wakes = night(KILLED, [])
    assert not well and not right and wakes == "pipeline's owner", (
        f"The load was killed, nothing of the day is in the table, and your program wakes {wakes}. "
        "A load that did not finish explains an empty table: who can repair that?"
    )
    well, _, wakes = night(LATE, TEN)
    assert not well, (
        "The run ended in success at 03:42, twelve minutes after it was due, and your program "
        "calls the pipeline well. What else does the run tell besides its state?"
    )
    assert wakes == "nobody", (
        f"The run was late, the data is right, and your program wakes {wakes}."
    )
    _, right, _ = night(IN_TIME, [], ledger=[])
    assert right, (
        "On a bank holiday the table has no orders of the day, and the ledger says 0 orders and 0 "
        "cents. Your program calls that wrong: what is the sum of no rows in SQL?"
    )
    _, right, _ = night(IN_TIME, TEN, ledger=None)
    assert not right, (
        "No row of the day is in the ledger, and your program calls the data right. A check that "
        "has nothing to compare with has not passed: no answer counts as wrong."
    )
    return "Nine nights: every wrong figure wakes its owner, and a right one wakes nobody."


# --8<-- [end:grader]

if __name__ == "__main__":
    from grading import show

    show(__file__)
