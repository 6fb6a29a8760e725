from sqlite3 import Connection

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.warehouse import (
    LATE,
    PUNCTUAL,
    add_columns,
    add_the_days_around,
    load_again,
)


def test_right_is_told_from_double_and_from_half(page: StagedPage, warehouse: Connection) -> None:
    add_columns(warehouse)
    right = (10, 10, 1000, "2026-03-13 10:00:00", PUNCTUAL)
    assert warehouse.execute(page.code()).fetchone() == right
    load_again(warehouse)
    assert warehouse.execute(page.code()).fetchone()[:2] == (20, 10)
    warehouse.execute("delete from raw.orders where order_id > 5")
    assert warehouse.execute(page.code()).fetchone()[1:4] == (5, 1000, "2026-03-13 05:00:00")


def test_a_write_after_the_verdict_is_told(page: StagedPage, warehouse: Connection) -> None:
    add_columns(warehouse)
    add_the_days_around(warehouse)
    warehouse.execute(f"update raw.orders set loaded_at = '{LATE}' where order_id = 10")
    assert warehouse.execute(page.code()).fetchone() == (10, 10, 1000, "2026-03-13 10:00:00", LATE)
