from sqlite3 import Connection

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.warehouse import add_the_days_around


def test_the_day_is_counted(page: StagedPage, warehouse: Connection) -> None:
    add_the_days_around(warehouse)
    assert warehouse.execute(page.code("first")).fetchall() == [(10, "2026-03-13 10:00:00")]
    warehouse.execute("delete from raw.orders where order_id between 1 and 10")
    assert warehouse.execute(page.code("first")).fetchall() == [(0, None)]
