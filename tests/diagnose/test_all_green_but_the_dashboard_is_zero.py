from sqlite3 import Connection

from conftest import Words


def layers(page: Words, warehouse: Connection) -> dict[str, tuple]:
    return {layer: rest for layer, *rest in warehouse.execute(page.code("first"))}


def test_all_is_well(page: Words, warehouse: Connection) -> None:
    assert layers(page, warehouse) == {"raw.orders": [10, 1000], "fct_revenue_daily": [1, 1000]}


def test_nothing_was_loaded(page: Words, warehouse: Connection) -> None:
    warehouse.execute("delete from raw.orders")
    warehouse.execute("update fct_revenue_daily set eur = 0")
    assert layers(page, warehouse) == {"raw.orders": [0, None], "fct_revenue_daily": [1, 0]}


def test_the_transformation_dropped_it(page: Words, warehouse: Connection) -> None:
    warehouse.execute("update fct_revenue_daily set eur = 0")
    assert layers(page, warehouse) == {"raw.orders": [10, 1000], "fct_revenue_daily": [1, 0]}
