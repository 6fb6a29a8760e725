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

    Tables: revenue (day, order_id, cents), and ledger (day, channel, orders, cents), where the web
    and the shop each enter a row for the day.
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
    "A run is well if it succeeded and ended by 03:30. Compare the table's count and sum with the "
    "sums over the ledger's rows. SQL's sum of no rows is NULL, and NULL equals nothing: in the "
    "table no rows are 0 cents, and in the ledger no rows are no answer. If the data is right "
    "nobody is woken; if it is wrong, the pipeline's owner acts first if the pipeline is sick too.",
]
# --8<-- [end:hints]


# --8<-- [start:solution]
def pipeline_is_well(run: Run) -> bool:
    """Say whether the run did its work by 03:30, when it was due."""
    return run.state == "success" and run.ended <= "03:30"


def data_is_right(warehouse: Connection, day: str) -> bool:
    """Say whether the table agrees with the shop's ledger for that day.

    Tables: revenue (day, order_id, cents), and ledger (day, channel, orders, cents), where the web
    and the shop each enter a row for the day.
    """
    query = """
        select found.orders = ledger.orders and found.cents = ledger.cents
        from (
            select count(*) as orders, coalesce(sum(cents), 0) as cents
            from revenue where day = ?
        ) as found
        cross join (
            select sum(orders) as orders, sum(cents) as cents
            from ledger where day = ?
        ) as ledger
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
LAST_MINUTE = Run("success", "03:30")
LOST, KILLED = Run("failed", "03:41"), Run("failed", "03:14")
TEN, SWAPPED = [100_00] * 10, [109_00] * 10
WEB, SHOP = [100_00] * 6, [100_00] * 4


def night(
    run: Run, cents: list[int], web: list[int] | None = WEB, shop: list[int] | None = SHOP
) -> tuple[bool, bool, str]:
    """Give one night's table to the program; return both of its answers, and who is woken."""
    warehouse = connect(":memory:")
    warehouse.execute("create table revenue (day, order_id, cents)")
    warehouse.execute("create table ledger (day, channel, orders, cents)")
    ledgers = {DAY_BEFORE: {"web": WEB, "shop": SHOP}, DAY: {"web": web, "shop": shop}}
    for day, amounts in ((DAY_BEFORE, TEN[1:]), (DAY, cents)):  # the day before has lost one
        rows = [(day, f"{day}/{number}", amount) for number, amount in enumerate(amounts)]
        warehouse.executemany("insert into revenue values (?, ?, ?)", rows)
        for channel, sold in ledgers[day].items():
            if sold is not None:
                row = [day, channel, len(sold), sum(sold)]
                warehouse.execute("insert into ledger values (?, ?, ?, ?)", row)
    well, right = pipeline_is_well(run), data_is_right(warehouse, DAY)
    return well, right, woken(well, right)


def grade() -> str:
    """Hold the program against ten nights, the ordinary one first."""
    well, right, wakes = night(IN_TIME, TEN, web=TEN, shop=[])
    assert well and right and wakes == "nobody", (
        "On an ordinary night the run ended at 03:25, and the web sold all ten orders. Your "
        f"program says well: {well}, right: {right}, and wakes {wakes}. Does it count other days' "
        "orders too?"
    )
    _, right, _ = night(IN_TIME, TEN)
    assert right, (
        "Ten orders are in the table, six of the web and four of the shop, as each has entered "
        "into the ledger. Your program calls that wrong: does it read one row of the ledger alone?"
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
    well, _, _ = night(LAST_MINUTE, TEN)
    assert well, (
        "The run ended in success at 03:30, and your program calls the pipeline sick. The run is "
        "due by 03:30, so is one that ends at 03:30 late?"
    )
    _, right, _ = night(IN_TIME, [], web=[], shop=[])
    assert right, (
        "On a bank holiday the table has no orders of the day, and each channel enters 0 orders "
        "and 0 cents into the ledger. Your program calls that wrong: what is the sum of no rows in "
        "SQL?"
    )
    _, right, _ = night(IN_TIME, [], web=None, shop=None)
    assert not right, (
        "Nothing of the day is in the table and nothing in the ledger, and your program calls the "
        "data right. A check that has nothing to compare with has not passed: no answer counts as "
        "wrong."
    )
    return "Ten nights: every wrong figure wakes its owner, and a right one wakes nobody."


# --8<-- [end:grader]

if __name__ == "__main__":
    from grading import show

    show(__file__)
