"""A year of green runs, and the days whose orders are far from an ordinary day's."""

from datetime import date, timedelta
from sqlite3 import Connection, connect

FIRST, LAST = date(2025, 3, 14), date(2026, 3, 13)
USUAL = 10  # orders a day
LIES = {
    date(2025, 8, 19): 0,  # the files had moved
    date(2025, 11, 3): 20,  # its file was delivered a second time, on the next night,
    date(2025, 11, 4): 0,  # and was loaded in place of this day's
    date(2025, 12, 25): 0,  # the shop was shut, and said so
    date(2026, 1, 20): 5,  # half of the files
}

QUERY = """
WITH per_day AS (
    SELECT calendar.day, count(orders.order_id) AS orders
    FROM calendar LEFT JOIN raw.orders ON date(orders.event_time) = calendar.day
    GROUP BY calendar.day
)
SELECT day, orders FROM per_day
WHERE orders NOT BETWEEN 0.6 * (SELECT avg(orders) FROM per_day)
                     AND 1.6 * (SELECT avg(orders) FROM per_day)
ORDER BY day;
"""


def days() -> list[date]:
    """Return every day of the year that was due."""
    return [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]


def open_warehouse() -> Connection:
    """Open a warehouse with a year of orders, as its green runs have left it."""
    warehouse = connect(":memory:")
    warehouse.execute("attach ':memory:' as raw")
    warehouse.execute("create table calendar (day)")
    warehouse.execute("create table raw.orders (order_id, event_time)")
    for day in days():
        warehouse.execute("insert into calendar values (?)", [f"{day}"])
        orders = [(f"{day}/{n}", f"{day} 1{n % 10}:00") for n in range(LIES.get(day, USUAL))]
        warehouse.executemany("insert into raw.orders values (?, ?)", orders)
    return warehouse


if __name__ == "__main__":
    print(f"{len(days())} green runs, and the days whose count is far off:")
    for day, orders in open_warehouse().execute(QUERY):
        print(f"  {day}  {orders:>2} orders")
