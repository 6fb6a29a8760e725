from sqlite3 import Connection

from tests.diagnose.conftest import ORDERS
from tests.diagnose.staging.page import StagedPage

DAY = "day = '2026-03-13'"


def test_a_day_that_was_halved_and_loaded_again(page: StagedPage, warehouse: Connection) -> None:
    assert layers(page, warehouse) == {"raw.orders": (10, 1000), "fct_revenue_daily": (1, 1000)}
    warehouse.execute("update raw.orders set eur = 50")
    warehouse.execute(f"update fct_revenue_daily set eur = 500 where {DAY}")
    assert layers(page, warehouse) == {"raw.orders": (10, 500), "fct_revenue_daily": (1, 500)}
    load(warehouse)
    assert layers(page, warehouse) == {"raw.orders": (20, 1500), "fct_revenue_daily": (1, 500)}
    warehouse.execute("delete from raw.orders")
    load(warehouse)
    assert layers(page, warehouse) == {"raw.orders": (10, 1000), "fct_revenue_daily": (1, 500)}
    warehouse.execute(f"update fct_revenue_daily set eur = 1000 where {DAY}")
    assert layers(page, warehouse) == {"raw.orders": (10, 1000), "fct_revenue_daily": (1, 1000)}


def test_the_days_beside_it_are_not_counted(page: StagedPage, warehouse: Connection) -> None:
    for time in ("2026-03-12 23:59:59", "2026-03-14"):
        warehouse.execute("insert into raw.orders values (11, ?, 100)", [time])
    warehouse.execute("insert into fct_revenue_daily values ('2026-03-12', 1, 100)")
    assert layers(page, warehouse) == {"raw.orders": (10, 1000), "fct_revenue_daily": (1, 1000)}


def layers(page: StagedPage, warehouse: Connection) -> dict[str, tuple[int, int]]:
    return {layer: tuple(counts) for layer, *counts in warehouse.execute(page.code("look"))}


def load(warehouse: Connection) -> None:
    warehouse.executemany("insert into raw.orders values (?, ?, ?)", ORDERS)
