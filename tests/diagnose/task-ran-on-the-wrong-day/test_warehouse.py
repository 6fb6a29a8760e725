from sqlite3 import Connection

import pytest

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.warehouse import add_columns


@pytest.mark.parametrize(
    ("moved", "found"),
    [
        ("event_time", (10, "2026-03-13 01:00:00", "2026-03-13 10:00:00")),
        ("datetime(event_time, '-1 day')", (10, "2026-03-12 01:00:00", "2026-03-12 10:00:00")),
        ("datetime(event_time, '-6 hours')", (10, "2026-03-12 19:00:00", "2026-03-13 04:00:00")),
    ],
)
def test_the_run_s_rows_tell_their_day(
    page: StagedPage, warehouse: Connection, moved: str, found: tuple
) -> None:
    add_columns(warehouse)
    warehouse.execute(f"update raw.orders set event_time = {moved}")
    assert warehouse.execute(page.code()).fetchone() == found


@pytest.mark.parametrize("loaded_at", ["2026-03-14 03:11:59", "2026-03-14 03:26:00"])
def test_another_run_s_rows_are_left_out(
    page: StagedPage, warehouse: Connection, loaded_at: str
) -> None:
    add_columns(warehouse)
    warehouse.execute("update raw.orders set loaded_at = ?", (loaded_at,))
    assert warehouse.execute(page.code()).fetchone() == (0, None, None)
