"""What the company's raw orders say beside what they are: when they were loaded, and how many."""

from __future__ import annotations

from sqlite3 import Connection

PUNCTUAL = "2026-03-14 03:20"
LATE = "2026-03-14 09:00"


def add_columns(warehouse: Connection) -> None:
    """Give every order an hour of arrival and a quantity of two."""
    warehouse.execute(f"alter table raw.orders add column loaded_at text default '{PUNCTUAL}'")
    warehouse.execute("alter table raw.orders add column quantity integer default 2")


def add_neighbours(warehouse: Connection) -> None:
    """Give the day the order a second before it and the one at its end, of EUR 7.00 each."""
    insert = "insert into raw.orders (order_id, event_time, eur) values (?, ?, 7)"
    warehouse.execute(insert, (11, "2026-03-12 23:59:59"))
    warehouse.execute(insert, (12, "2026-03-14 00:00:00"))


def load_again(warehouse: Connection, orders: str = "order_id > 0") -> None:
    """Append orders that are there already, as a load that appends does."""
    warehouse.execute(f"insert into raw.orders select * from raw.orders where {orders}")
