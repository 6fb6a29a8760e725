from sqlite3 import Connection

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.warehouse import LATE, PUNCTUAL, add_columns, add_the_days_around

DAY = ("2026-03-13 01:00:00", "2026-03-13 10:00:00")


def shape(page: StagedPage, warehouse: Connection) -> tuple:
    add_the_days_around(warehouse)
    return warehouse.execute(page.code()).fetchone()


def test_the_whole_day(page: StagedPage, warehouse: Connection) -> None:
    add_columns(warehouse)
    assert shape(page, warehouse) == (10, *DAY, PUNCTUAL, PUNCTUAL)


def test_cut_off(page: StagedPage, warehouse: Connection) -> None:
    add_columns(warehouse)
    warehouse.execute("delete from raw.orders where order_id > 5")
    assert shape(page, warehouse) == (5, DAY[0], "2026-03-13 05:00:00", PUNCTUAL, PUNCTUAL)


def test_thinner(page: StagedPage, warehouse: Connection) -> None:
    add_columns(warehouse)
    warehouse.execute("delete from raw.orders where order_id between 4 and 8")
    assert shape(page, warehouse) == (5, *DAY, PUNCTUAL, PUNCTUAL)


def test_at_work(page: StagedPage, warehouse: Connection) -> None:
    add_columns(warehouse)
    warehouse.execute(f"update raw.orders set loaded_at = '{LATE}' where order_id = 10")
    assert shape(page, warehouse) == (10, *DAY, PUNCTUAL, LATE)
