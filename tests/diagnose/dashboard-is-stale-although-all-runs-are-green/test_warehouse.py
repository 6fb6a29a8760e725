from sqlite3 import Connection

from tests.diagnose.staging.page import StagedPage

BEFORE = "insert into fct_revenue_daily values ('2026-03-10', 10, 1000)"


def newest(page: StagedPage, warehouse: Connection) -> dict[str, str]:
    warehouse.execute(BEFORE)
    return dict(warehouse.execute(page.code()).fetchall())


def test_both_are_of_yesterday(page: StagedPage, warehouse: Connection) -> None:
    found = newest(page, warehouse)
    assert found == {"raw.orders": "2026-03-13 10:00:00", "fct_revenue_daily": "2026-03-13"}


def test_the_layer_that_stands_still_is_told(page: StagedPage, warehouse: Connection) -> None:
    warehouse.execute("update fct_revenue_daily set day = '2026-03-11' where day = '2026-03-13'")
    assert newest(page, warehouse)["fct_revenue_daily"] == "2026-03-11"
    warehouse.execute("update raw.orders set event_time = datetime(event_time, '-2 days')")
    assert newest(page, warehouse)["raw.orders"] == "2026-03-11 10:00:00"
