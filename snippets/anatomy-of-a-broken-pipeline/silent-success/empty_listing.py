"""A loop over no files ends green; an effect assertion ends it red."""

from collections.abc import Callable
from sqlite3 import Connection, connect
from typing import NamedTuple

DAY = "2026-03-13"
# One file is a list of orders: order id, event time, euros.
FRIDAY = [(order, f"{DAY} 1{order}:00", 100) for order in range(10)]
THURSDAY = [(-order, "2026-03-12 20:00", 100) for order in range(1, 11)]
NIGHTS = {
    "10 orders": [FRIDAY],
    "files moved": [],
    "old file": [THURSDAY],
    "half lost": [FRIDAY[::2]],
    "evening lost": [FRIDAY[:8]],
}


# --8<-- [start:load]
def load_orders(warehouse: Connection, files: list) -> None:
    """Append every order of every listed file to raw.orders."""
    for orders in files:
        warehouse.executemany("insert into raw.orders values (?, ?, ?)", orders)


# --8<-- [end:load]
# --8<-- [start:guess]
def load_orders_counted(warehouse: Connection, files: list) -> None:
    """Load as before, and raise if fewer than eight orders came."""
    with warehouse:
        load_orders(warehouse, files)
        added = sum(len(orders) for orders in files)
        if added < 8:
            raise ValueError(f"{added} added")


# --8<-- [end:guess]
# --8<-- [start:effect]
class NoEffect(Exception):
    """The task could return, and what it exists to bring is not there."""


class Effect(NamedTuple):
    """What raw.orders holds of one day: its rows, and how late they reach."""

    rows: int
    watermark: str


def effect_on(warehouse: Connection, day: str) -> Effect:
    """Ask the table itself, not the code that loads it."""
    query = """select count(*), max(strftime('%H:%M', event_time)) from raw.orders
               where event_time >= :day and event_time < date(:day, '+1 day')"""
    return Effect(*warehouse.execute(query, {"day": day}).fetchone())


def assert_effect(effect: Effect, min_rows: int, reaches: str) -> None:
    """Raise unless the day has enough rows, into its evening."""
    if effect.rows < min_rows:
        raise NoEffect(f"{effect.rows} rows, {min_rows} expected")
    if effect.watermark < reaches:
        raise NoEffect(f"ends {effect.watermark}, {reaches} expected")


# --8<-- [end:effect]
# --8<-- [start:fix]
def load_orders_asserted(warehouse: Connection, files: list) -> None:
    """Load as before, then commit only what the table can show."""
    with warehouse:
        load_orders(warehouse, files)
        assert_effect(effect_on(warehouse, DAY), min_rows=8, reaches="18:00")


# --8<-- [end:fix]
def run_night(load: Callable[..., None], files: list) -> tuple[str, str, str]:
    """Judge the load as an orchestrator does: it returned, or it raised."""
    warehouse = open_warehouse()
    try:
        load(warehouse, files)
    except Exception as error:
        return "failed", "upstream_failed", f"none: {error}"
    return "success", "success", publish_revenue(warehouse)


def publish_revenue(warehouse: Connection) -> str:
    """Return Friday's revenue, the figure on the CFO dashboard."""
    query = "select coalesce(sum(eur), 0) from raw.orders where date(event_time) = ?"
    (revenue,) = warehouse.execute(query, [DAY]).fetchone()
    return f"EUR {revenue:.2f}"


def open_warehouse() -> Connection:
    """Open a warehouse that already holds Thursday's orders."""
    warehouse = connect(":memory:")
    warehouse.execute("attach ':memory:' as raw")
    warehouse.execute("create table raw.orders (order_id, event_time, eur)")
    load_orders(warehouse, [THURSDAY])
    warehouse.commit()
    return warehouse


LOADS = {
    "as written": load_orders,
    "counts what it adds": load_orders_counted,
    "asserted": load_orders_asserted,
}


def verdict(load: Callable[..., None], files: list) -> str:
    """Say in one cell how a night ended, and what was published or why not."""
    state, _, figure = run_night(load, files)
    return f"{state} {figure}" if state == "success" else f"{state} ({figure[6:]})"


if __name__ == "__main__":
    print(f"{'':<14}" + "".join(f"{name:<21}" for name in LOADS).rstrip())
    for night, files in NIGHTS.items():
        cells = "".join(f"{verdict(load, files):<21}" for load in LOADS.values())
        print(f"{night:<14}{cells}".rstrip())
