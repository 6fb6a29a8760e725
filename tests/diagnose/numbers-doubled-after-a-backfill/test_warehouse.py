from sqlite3 import Connection

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.warehouse import load_again


def test_the_days_of_the_backfill_are_counted(page: StagedPage, warehouse: Connection) -> None:
    orders = [(number, f"2026-03-{number} 12:00:00", 100) for number in (10, 11, 12, 14)]
    warehouse.executemany("insert into raw.orders values (?, ?, ?)", orders)
    assert warehouse.execute(page.code()).fetchall() == [(12, 12)]
    load_again(warehouse)
    assert warehouse.execute(page.code()).fetchall() == [(24, 12)]
