from datetime import timedelta
from decimal import Decimal

import pytest

from miniorch import INCIDENT, Fenced, Warehouse, eur

DAY, NEXT = "2026-03-14", "2026-03-15"


@pytest.fixture
def warehouse() -> Warehouse:
    return Warehouse()


def write(
    warehouse: Warehouse, how: str, day: str = DAY, fence: tuple[str, int] | None = None
) -> None:
    orders = warehouse.orders(day, INCIDENT)
    tx = warehouse.begin()
    {
        "append": lambda: tx.append(orders),
        "overwrite": lambda: tx.overwrite(day, orders),
        "upsert": lambda: tx.upsert(orders),
    }[how]()
    tx.commit(fence)


def test_every_day_has_ten_orders_of_a_hundred_euro(warehouse: Warehouse) -> None:
    orders = warehouse.orders(DAY, INCIDENT)
    assert [order.cents for order in orders] == [100_00] * 10
    assert len({order.id for order in orders}) == 10


def test_nothing_is_visible_before_the_commit(warehouse: Warehouse) -> None:
    tx = warehouse.begin()
    tx.append(warehouse.orders(DAY, INCIDENT))
    assert warehouse.total() == 0
    tx.commit()
    assert warehouse.total() == 1000


def test_a_transaction_that_is_never_committed_leaves_nothing(warehouse: Warehouse) -> None:
    warehouse.begin().append(warehouse.orders(DAY, INCIDENT))
    assert warehouse.query("select * from revenue") == []


def test_a_transaction_that_fails_half_way_leaves_nothing(warehouse: Warehouse) -> None:
    tx = warehouse.begin()
    tx.append(warehouse.orders(DAY, INCIDENT))
    tx.execute("insert into no_such_table values (1)")
    with pytest.raises(Exception, match="no_such_table"):
        tx.commit()
    assert warehouse.total() == 0
    write(warehouse, "append")  # and the next one is not disturbed
    assert warehouse.total() == 1000


def test_a_committed_transaction_begins_empty_again(warehouse: Warehouse) -> None:
    tx = warehouse.begin()
    tx.append(warehouse.orders(DAY, INCIDENT))
    tx.commit()
    tx.commit()
    assert warehouse.total() == 1000


@pytest.mark.parametrize(
    ("how", "total"), [("append", 2000), ("overwrite", 1000), ("upsert", 1000)]
)
def test_written_twice(warehouse: Warehouse, how: str, total: int) -> None:
    write(warehouse, how)
    write(warehouse, how)
    assert warehouse.total(DAY) == total


@pytest.mark.parametrize("how", ["append", "overwrite", "upsert"])
def test_a_write_leaves_other_days_alone(warehouse: Warehouse, how: str) -> None:
    write(warehouse, how, DAY)
    write(warehouse, how, NEXT)
    assert (warehouse.total(DAY), warehouse.total(NEXT), warehouse.total()) == (1000, 1000, 2000)


def test_an_upsert_keeps_rows_that_have_left_the_source_and_an_overwrite_does_not(
    warehouse: Warehouse,
) -> None:
    write(warehouse, "append")
    warehouse.late_rows, warehouse.late_until = 3, INCIDENT + timedelta(hours=1)
    write(warehouse, "upsert")
    assert warehouse.total() == 1000
    write(warehouse, "overwrite")
    assert warehouse.total() == 700


def test_late_rows_arrive_late(warehouse: Warehouse) -> None:
    warehouse.late_rows, warehouse.late_until = 3, INCIDENT + timedelta(minutes=10)
    assert len(warehouse.orders(DAY, INCIDENT)) == 7
    assert len(warehouse.orders(DAY, INCIDENT + timedelta(minutes=10))) == 10


def test_a_token_older_than_one_seen_is_fenced(warehouse: Warehouse) -> None:
    write(warehouse, "append", fence=("revenue", 2))
    with pytest.raises(Fenced, match="revenue: token 1 is older than 2"):
        write(warehouse, "append", fence=("revenue", 1))
    assert warehouse.total() == 1000


def test_the_same_token_passes_again_so_a_fence_does_not_stop_a_duplicate(
    warehouse: Warehouse,
) -> None:
    write(warehouse, "append", fence=("revenue", 1))
    write(warehouse, "append", fence=("revenue", 1))
    assert warehouse.total() == 2000


def test_keys_are_fenced_apart(warehouse: Warehouse) -> None:
    write(warehouse, "append", DAY, fence=(DAY, 9))
    write(warehouse, "append", NEXT, fence=(NEXT, 1))
    assert warehouse.total() == 2000


def test_a_claim_shuts_out_older_tokens_before_anything_is_written(warehouse: Warehouse) -> None:
    warehouse.claim("revenue", 2)
    with pytest.raises(Fenced):
        write(warehouse, "append", fence=("revenue", 1))
    write(warehouse, "append", fence=("revenue", 2))
    assert warehouse.total() == 1000


def test_an_older_claim_comes_too_late(warehouse: Warehouse) -> None:
    warehouse.claim("revenue", 2)
    with pytest.raises(Fenced):
        warehouse.claim("revenue", 1)


def test_a_failed_transaction_takes_its_token_back(warehouse: Warehouse) -> None:
    tx = warehouse.begin()
    tx.execute("insert into no_such_table values (1)")
    with pytest.raises(Exception, match="no_such_table"):
        tx.commit(fence=("revenue", 5))
    write(warehouse, "append", fence=("revenue", 1))
    assert warehouse.total() == 1000


def test_money_is_printed_as_on_the_pages() -> None:
    assert eur(Decimal(1000)) == "EUR 1 000.00"
