from sqlite3 import Connection

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.warehouse import LATE, add_columns, add_the_days_around

LATER = "2026-03-14 11:00"


def test_none_is_late(page: StagedPage, warehouse: Connection) -> None:
    add_columns(warehouse)
    add_the_days_around(warehouse)
    warehouse.execute(
        f"update raw.orders set loaded_at = '{LATE}' where event_time >= '2026-03-14'"
    )
    assert warehouse.execute(page.code()).fetchone() == (0, None, None, None)


def test_the_late_rows_are_counted(page: StagedPage, warehouse: Connection) -> None:
    add_columns(warehouse)
    add_the_days_around(warehouse)
    warehouse.execute(f"update raw.orders set loaded_at = '{LATE}' where order_id > 7")
    warehouse.execute(f"update raw.orders set loaded_at = '{LATER}' where order_id = 9")
    assert warehouse.execute(page.code()).fetchone() == (3, 300, "2026-03-13 08:00:00", LATER)
