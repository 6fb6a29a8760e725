"""The outside world: rows that survive every crash and know nothing of tasks or runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

SCHEMA = """
create table revenue (day text, order_id text, cents integer);
create table landed (name text primary key);
create table fence (key text primary key, token integer);
"""


class Fenced(Exception):
    """A newer attempt holds the key: the older one must not write."""


@dataclass(frozen=True)
class Order:
    """One order of Tallow & Pine; the amount is in cents."""

    day: str
    id: str
    cents: int = 100_00


class Warehouse:
    """`raw.orders` to read from and the table `revenue` to write to."""

    def __init__(self) -> None:
        """Start with an empty `revenue`; every day has ten orders of EUR 100.00."""
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(SCHEMA)
        self.commits = 0
        self.late_rows = 0  # how many of a day's ten orders are late
        self.late_until: datetime | None = None  # when those become visible

    def orders(self, day: str, now: datetime) -> list[Order]:
        """The orders of `day` (YYYY-MM-DD) that have arrived by `now`."""
        late = self.late_until is not None and now < self.late_until
        arrived = 10 - self.late_rows if late else 10
        return [Order(day, f"{day}/{n:02}") for n in range(1, arrived + 1)]

    def query(self, sql: str, *params: object) -> list[sqlite3.Row]:
        """Read what is committed."""
        return self._db.execute(sql, params).fetchall()

    def total(self, day: str | None = None) -> Decimal:
        """Revenue in EUR, of one day or of all."""
        where, params = ("where day = ?", (day,)) if day else ("", ())
        [row] = self.query(f"select coalesce(sum(cents), 0) from revenue {where}", *params)
        return Decimal(row[0]) / 100

    def has_landed(self, name: str) -> bool:
        """Whether the file or marker `name` is there: what a sensor looks for."""
        return bool(self.query("select 1 from landed where name = ?", name))

    def begin(self) -> Transaction:
        """A new transaction: nothing is visible before its commit."""
        return Transaction(self)

    def claim(self, key: str, token: int) -> None:
        """From now on refuse every token for `key` older than this one.

        Raises Fenced if a newer token was here first.
        """
        [row] = self.query("select coalesce(max(token), 0) from fence where key = ?", key)
        if token < row[0]:
            raise Fenced(f"{key}: token {token} is older than {row[0]}")
        self._db.execute("insert or replace into fence values (?, ?)", (key, token))

    def apply(
        self, statements: Sequence[tuple[str, tuple[object, ...]]], fence: tuple[str, int] | None
    ) -> None:
        """Run all statements or none."""
        self._db.execute("begin")
        try:
            if fence:
                self.claim(*fence)
            for sql, params in statements:
                self._db.execute(sql, params)
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")
        self.commits += 1


class Transaction:
    """A buffer of statements. Whoever crashes before `commit` loses it whole."""

    def __init__(self, warehouse: Warehouse) -> None:
        """Open on `warehouse`, empty."""
        self._warehouse = warehouse
        self._statements: list[tuple[str, tuple[object, ...]]] = []

    def execute(self, sql: str, *params: object) -> None:
        """Remember one statement for the commit."""
        self._statements.append((sql, params))

    def append(self, orders: Sequence[Order]) -> None:
        """Add the rows to whatever is there."""
        for order in orders:
            self.execute("insert into revenue values (?, ?, ?)", order.day, order.id, order.cents)

    def delete_day(self, day: str) -> None:
        """Remove the rows of the day: with an append after it, overwrite by day."""
        self.execute("delete from revenue where day = ?", day)

    def overwrite(self, day: str, orders: Sequence[Order]) -> None:
        """Replace the whole day by these rows."""
        self.delete_day(day)
        self.append(orders)

    def upsert(self, orders: Sequence[Order]) -> None:
        """Replace the rows that have the same order id, add the others."""
        for order in orders:
            self.execute("delete from revenue where order_id = ?", order.id)
        self.append(orders)

    def commit(self, fence: tuple[str, int] | None = None) -> None:
        """Make all of it visible at once; with `fence=(key, token)`, only if not Fenced."""
        self._warehouse.apply(self._statements, fence)
        self._statements = []


def eur(amount: Decimal) -> str:
    """`EUR 1 000.00`, as the pages print it."""
    return f"EUR {amount:,.2f}".replace(",", " ")
