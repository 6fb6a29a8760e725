from sqlite3 import Connection

from conftest import Words


def test_the_day_is_counted(page: Words, warehouse: Connection) -> None:
    assert warehouse.execute(page.code("first")).fetchall() == [(10, "2026-03-13 10:00:00")]
    warehouse.execute("delete from raw.orders")
    assert warehouse.execute(page.code("first")).fetchall() == [(0, None)]
