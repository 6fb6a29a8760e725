from sqlite3 import Connection

import pytest

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.warehouse import add_columns, add_the_days_around


@pytest.mark.parametrize(
    ("happened", "night"),
    [
        ("quantity = quantity", (10, 10, 100, 2)),
        ("eur = quantity, quantity = eur", (10, 10, 2, 100)),
        ("eur = eur * 100", (10, 10, 10_000, 2)),
        ("eur = null", (10, 0, None, 2)),
        ("quantity = null", (10, 10, 100, None)),
    ],
)
def test_the_wrong_night_stands_out(
    page: StagedPage, warehouse: Connection, happened: str, night: tuple
) -> None:
    add_columns(warehouse)
    right = "select order_id, datetime(event_time, '-1 day'), eur, loaded_at, quantity"
    warehouse.execute(f"insert into raw.orders {right} from raw.orders")
    warehouse.execute(f"update raw.orders set {happened} where event_time > '2026-03-13'")
    warehouse.execute("update raw.orders set eur = null where event_time = '2026-03-12 01:00:00'")
    add_the_days_around(warehouse)
    earlier = "event_time = datetime(event_time, '-1 day')"
    warehouse.execute(f"update raw.orders set {earlier} where order_id = 0")
    found = {name: tuple(rest) for name, *rest in warehouse.execute(page.code())}
    assert found == {"2026-03-12": (10, 9, 100, 2), "2026-03-13": night}
