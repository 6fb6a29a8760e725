from sqlite3 import Connection

from tests.diagnose.staging.page import StagedPage


def test_the_day_that_belongs_to_nobody_is_absent(page: StagedPage, warehouse: Connection) -> None:
    days = [("2026-02-28", 10, 1000), ("2026-03-12", 10, 1000), ("2026-03-15", 1, 100)]
    warehouse.executemany("insert into fct_revenue_daily values (?, ?, ?)", days)
    found = warehouse.execute(page.code("first")).fetchall()
    assert found == [("2026-03-12", 1000), ("2026-03-13", 1000), ("2026-03-15", 100)]
