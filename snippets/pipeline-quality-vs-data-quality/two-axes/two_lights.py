"""Two DAGs with an hour each answer two questions, and four kinds of nights look different."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from miniorch import (
    DAG,
    Event,
    FakeClock,
    Fault,
    FaultKind,
    Orchestrator,
    Order,
    Settings,
    Task,
    TaskContext,
    Warehouse,
    daily,
)

MIDNIGHT = datetime(2026, 1, 23, tzinfo=UTC)  # the run loads Thursday, 22 January
RUN_DUE = MIDNIGHT + timedelta(hours=3, minutes=30)
DATA_DUE = MIDNIGHT + timedelta(hours=6, minutes=10)  # the check has had ten minutes


# --8<-- [start:nights]
class Night(NamedTuple):
    """What is done to a night, and which of the two it spoils."""

    faults: tuple[Fault, ...] = ()
    cents: int = 100_00  # of an order, in the export's column of euros
    pipeline_well: bool = True
    data_right: bool = True


DELIVERED_LATE = Fault(FaultKind.SLOW, "load_orders", at="waits for the export", seconds=1680)
REPORT_LOST = Fault(FaultKind.CRASH, "load_orders", at="committed")
KILLED = Fault(FaultKind.CRASH, "load_orders", at="waits for the export")
NIGHTS = {
    "as usual": Night(),
    "delivered late": Night((DELIVERED_LATE,), pipeline_well=False),
    "report lost": Night((DELIVERED_LATE, REPORT_LOST), pipeline_well=False),
    "swapped": Night(cents=109_00, data_right=False),
    "killed": Night((KILLED,), pipeline_well=False, data_right=False),
}
ACTS_FIRST = {  # pipeline well, data right
    (True, True): "nobody",
    (False, True): "pipeline, by day",
    (True, False): "data, now",
    (False, False): "pipeline, now",
}

# --8<-- [end:nights]


class Shop(Warehouse):
    """A warehouse, an export to load from, and the shop's ledger, made without the export."""

    def __init__(self, cents: int) -> None:
        """Enter Thursday's ten orders of EUR 100.00 into the ledger."""
        super().__init__()
        self.cents = cents  # of an order, in the export's column of euros
        tx = self.begin()
        tx.execute("create table ledger (day text, orders integer, cents integer)")
        tx.execute("insert into ledger values ('2026-01-22', 10, 100000)")
        tx.commit()

    def orders(self, day: str, now: datetime) -> list[Order]:
        """Read the export."""
        return [Order(day, order.id, self.cents) for order in super().orders(day, now)]


# --8<-- [start:load]
def load_orders(ctx: TaskContext) -> Iterator[str]:
    """Replace the day before with what the shop's export holds."""
    day = day_before(ctx)
    yield "waits for the export"
    tx = ctx.warehouse.begin()
    tx.overwrite(day, ctx.warehouse.orders(day, ctx.now()))
    tx.commit()
    yield "committed"


def day_before(ctx: TaskContext) -> str:
    """Return the day that a night's run is about."""
    return f"{ctx.logical_date - timedelta(days=1):%Y-%m-%d}"


# --8<-- [end:load]
# --8<-- [start:check]
AGREES = """
    select found.orders = ledger.orders and found.cents = ledger.cents
    from (
        select count(*) as orders, coalesce(sum(cents), 0) as cents
        from revenue where day = ?
    ) as found
    left join ledger on ledger.day = ?
"""


def check_revenue(ctx: TaskContext) -> Iterator[str]:
    """Raise unless the table agrees with the ledger in orders and cents."""
    day = day_before(ctx)
    [[agrees]] = ctx.warehouse.query(AGREES, day, day)
    if not agrees:
        raise ValueError(f"{day}: the table is not what the ledger says")
    yield "agrees"


# --8<-- [end:check]
# --8<-- [start:fix]
load = Task("load_orders", load_orders)
check = Task("check_revenue", check_revenue)
revenue = DAG("revenue", (load,), schedule=daily(3, 12))
revenue_is_right = DAG("revenue_is_right", (check,), schedule=daily(6))


# --8<-- [end:fix]
# --8<-- [start:light]
def light(log: list[Event], dag: DAG, due: datetime) -> bool:
    """Has this DAG's run of the due date, and no other night's, ended in success by then?"""
    night = f"__{due:%Y-%m-%d}"  # the id of a run holds its date
    runs = (event for event in log if event.dag_id == dag.id and night in event.run_id)
    return any(event.kind == "run_success" and event.at <= due for event in runs)


# --8<-- [end:light]
def play(night: Night, *dags: DAG) -> Orchestrator:
    """Let the night pass until eight o'clock."""
    machine = Orchestrator(
        dags or (revenue, revenue_is_right),
        night.faults,
        Settings(tick_seconds=60),
        FakeClock(MIDNIGHT),
        Shop(night.cents),
    )
    machine.run_until(MIDNIGHT + timedelta(hours=8))
    return machine


def lights(machine: Orchestrator) -> tuple[bool, bool]:
    """Read both, each at its own hour."""
    log = machine.store.events()
    return light(log, revenue, RUN_DUE), light(log, revenue_is_right, DATA_DUE)


def ends(machine: Orchestrator) -> list[str]:
    """Say how each DAG's run ended, and when."""
    log = machine.store.events("run_success", "run_failed")
    return [f"{event.kind.removeprefix('run_')} {event.at:%H:%M}" for event in log]


if __name__ == "__main__":
    titles = ("", "revenue", "revenue_is_right", "pipeline", "data", "acts first")
    row = "{:<15}{:<14}{:<17}{:<9}{:<6}{}".format
    print(row(*titles))
    for name, night in NIGHTS.items():
        machine = play(night)
        pipeline, data = lights(machine)
        words = "well" if pipeline else "sick", "right" if data else "wrong"
        print(row(name, *ends(machine), *words, ACTS_FIRST[pipeline, data]))
