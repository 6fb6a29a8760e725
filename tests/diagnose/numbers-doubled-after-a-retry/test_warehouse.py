from sqlite3 import Connection

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.warehouse import add_the_days_around, load_again


def count(page: StagedPage, warehouse: Connection) -> tuple:
    add_the_days_around(warehouse)
    return warehouse.execute(page.code()).fetchone()


def test_as_many_rows_as_orders(page: StagedPage, warehouse: Connection) -> None:
    assert count(page, warehouse) == (10, 10, 1000)


def test_twice_the_orders(page: StagedPage, warehouse: Connection) -> None:
    load_again(warehouse)
    assert count(page, warehouse) == (20, 10, 2000)


def test_the_first_attempt_failed_half_way(page: StagedPage, warehouse: Connection) -> None:
    load_again(warehouse, "order_id <= 4")
    assert count(page, warehouse) == (14, 10, 1400)
