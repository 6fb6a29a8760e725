from sqlite3 import Connection

from conftest import Words
from stage_warehouse import load_again


def test_the_days_of_the_backfill_are_counted(page: Words, warehouse: Connection) -> None:
    assert warehouse.execute(page.code()).fetchall() == [(10, 10)]
    load_again(warehouse)
    assert warehouse.execute(page.code()).fetchall() == [(20, 10)]
