"""A run's state has two words for four nights, with a check in the run or without one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from miniorch import (
    DAG,
    FakeClock,
    Fault,
    FaultKind,
    Orchestrator,
    Order,
    Settings,
    Task,
    TaskContext,
    TriggerRule,
    Warehouse,
    daily,
)

MIDNIGHT = datetime(2026, 1, 23, tzinfo=UTC)  # the run loads Thursday, 22 January


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
    "report lost": Night((DELIVERED_LATE, REPORT_LOST), pipeline_well=False),
    "swapped": Night(cents=109_00, data_right=False),
    "killed": Night((KILLED,), pipeline_well=False, data_right=False),
}


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
# --8<-- [start:bug]
load = Task("load_orders", load_orders)
check = Task("check_revenue", check_revenue, upstream=("load_orders",))
revenue = DAG("revenue", (load, check), schedule=daily(3, 12))
# --8<-- [end:bug]
unchecked = DAG("revenue", (load,), schedule=daily(3, 12))
after_all = Task(
    "check_revenue", check_revenue, ("load_orders",), trigger_rule=TriggerRule.ALL_DONE
)
always_checked = DAG("revenue", (load, after_all), schedule=daily(3, 12))
ONE_STATUS = {
    "no check": unchecked,
    "after": revenue,
    "always": always_checked,
}


def states(dag: DAG, night: Night) -> dict[str, str]:
    """Let the night pass; return the states of its tasks, and that of the run as `run`."""
    machine = Orchestrator(
        [dag],
        night.faults,
        Settings(tick_seconds=60),
        FakeClock(MIDNIGHT),
        Shop(night.cents),
    )
    machine.run_until(MIDNIGHT + timedelta(hours=8))
    [run] = machine.store.runs()
    tasks = machine.store.task_instances()
    return {"run": run.state, **{task.task_id: task.state for task in tasks}}


if __name__ == "__main__":
    row = "{:<13}{:<9}{:<9}{}".format
    print(row("", *ONE_STATUS))
    for name, night in NIGHTS.items():
        runs = [states(dag, night)["run"] for dag in ONE_STATUS.values()]
        print(row(name, *runs))
