from sqlite3 import Connection

from conftest import Words
from stage_warehouse import LATE, PUNCTUAL, add_columns, add_the_days_around, load_again


def read(page: Words, warehouse: Connection) -> tuple:
    return warehouse.execute(page.code()).fetchone()


def test_the_input_stands_still(page: Words, warehouse: Connection) -> None:
    add_columns(warehouse)
    add_the_days_around(warehouse)
    assert read(page, warehouse) == read(page, warehouse) == (10, 10, 1000, PUNCTUAL)


def test_a_correction_moves_the_sum(page: Words, warehouse: Connection) -> None:
    add_columns(warehouse)
    warehouse.execute(f"update raw.orders set eur = 90, loaded_at = '{LATE}' where order_id = 1")
    assert read(page, warehouse) == (10, 10, 990, LATE)


def test_a_load_that_appends_moves_the_count(page: Words, warehouse: Connection) -> None:
    add_columns(warehouse)
    load_again(warehouse)
    assert read(page, warehouse) == (20, 10, 2000, PUNCTUAL)
