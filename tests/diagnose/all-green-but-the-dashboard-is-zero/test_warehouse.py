from sqlite3 import Connection

import pytest

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.warehouse import add_the_days_around

DAY = "2026-03-13"


@pytest.fixture
def warehouse(warehouse: Connection) -> Connection:
    """Have more than the day that is asked for."""
    add_the_days_around(warehouse)
    return warehouse


def layers(page: StagedPage, warehouse: Connection) -> dict[str, tuple]:
    return {layer: rest for layer, *rest in warehouse.execute(page.code("first"))}


def test_all_is_well(page: StagedPage, warehouse: Connection) -> None:
    assert layers(page, warehouse) == {"raw.orders": [10, 1000], "fct_revenue_daily": [1, 1000]}


def test_nothing_was_loaded(page: StagedPage, warehouse: Connection) -> None:
    warehouse.execute(f"delete from raw.orders where event_time like '{DAY}%'")
    warehouse.execute(f"update fct_revenue_daily set eur = 0 where day = '{DAY}'")
    assert layers(page, warehouse) == {"raw.orders": [0, None], "fct_revenue_daily": [1, 0]}


def test_the_transformation_dropped_it(page: StagedPage, warehouse: Connection) -> None:
    warehouse.execute(f"update fct_revenue_daily set eur = 0 where day = '{DAY}'")
    assert layers(page, warehouse) == {"raw.orders": [10, 1000], "fct_revenue_daily": [1, 0]}
