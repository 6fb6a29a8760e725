"""What the company's raw orders say beside what they are: when they were loaded, and how many."""

from __future__ import annotations

from sqlite3 import Connection

PUNCTUAL = "2026-03-14 03:20"
LATE = "2026-03-14 09:00"


def add_columns(warehouse: Connection) -> None:
    """Give every order an hour of arrival and a quantity of two."""
    warehouse.execute(f"alter table raw.orders add column loaded_at text default '{PUNCTUAL}'")
    warehouse.execute("alter table raw.orders add column quantity integer default 2")


def add_the_days_around(warehouse: Connection) -> None:
    """Add the last order of the day before and the first of the day after, in both layers."""
    for number, time in ((0, "2026-03-12 23:59:59"), (99, "2026-03-14 00:00:00")):
        order, day = (number, time, 100), (time[:10], 1, 100)
        warehouse.execute(
            "insert into raw.orders (order_id, event_time, eur) values (?, ?, ?)", order
        )
        warehouse.execute("insert into fct_revenue_daily values (?, ?, ?)", day)


def load_again(warehouse: Connection, orders: str = "order_id > 0") -> None:
    """Append orders that are there already, as a load that appends does."""
    warehouse.execute(f"insert into raw.orders select * from raw.orders where {orders}")
