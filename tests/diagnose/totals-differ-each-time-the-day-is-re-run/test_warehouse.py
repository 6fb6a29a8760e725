from sqlite3 import Connection

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.warehouse import (
    LATE,
    PUNCTUAL,
    add_columns,
    add_the_days_around,
    load_again,
)


def read(page: StagedPage, warehouse: Connection) -> tuple:
    return warehouse.execute(page.code()).fetchone()


def test_the_input_stands_still(page: StagedPage, warehouse: Connection) -> None:
    add_columns(warehouse)
    add_the_days_around(warehouse)
    assert read(page, warehouse) == read(page, warehouse) == (10, 10, 1000, PUNCTUAL)


def test_a_correction_moves_the_sum(page: StagedPage, warehouse: Connection) -> None:
    add_columns(warehouse)
    warehouse.execute(f"update raw.orders set eur = 90, loaded_at = '{LATE}' where order_id = 1")
    assert read(page, warehouse) == (10, 10, 990, LATE)


def test_a_load_that_appends_moves_the_count(page: StagedPage, warehouse: Connection) -> None:
    add_columns(warehouse)
    load_again(warehouse)
    assert read(page, warehouse) == (20, 10, 2000, PUNCTUAL)
