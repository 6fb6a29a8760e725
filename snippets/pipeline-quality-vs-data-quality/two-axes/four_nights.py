"""One status is wrong about two nights of four; two lights are wrong about none."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from miniorch import (
    DAG,
    INCIDENT,
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
    eur,
)

START = INCIDENT + timedelta(minutes=12)
RUN_DUE = INCIDENT + timedelta(minutes=30)
DATA_DUE = INCIDENT + timedelta(hours=3)  # two hours before the CFO reads it
FRIDAY = INCIDENT - timedelta(days=1)
LEDGER = (10, 1_000_00)  # Friday's orders and cents, from the shop's ledger


class Night(NamedTuple):
    """What was done to a night, and which of the two that harms."""

    faults: tuple[Fault, ...] = ()
    cents: int = 100_00  # of an order, in the column that should hold EUR
    pipeline_well: bool = True
    data_right: bool = True


LATE = Fault(FaultKind.SLOW, "load_orders", at="read", seconds=1680)
REPORT_LOST = Fault(FaultKind.CRASH, "load_orders", at="committed")
OUT_OF_MEMORY = Fault(FaultKind.CRASH, "load_orders", at="read")
NIGHTS = {
    "as usual": Night(),
    "report lost": Night((LATE, REPORT_LOST), pipeline_well=False),
    "EUR/USD swapped": Night(cents=109_00, data_right=False),
    "out of memory": Night((OUT_OF_MEMORY,), pipeline_well=False, data_right=False),
}


def load_orders(ctx: TaskContext) -> Iterator[str]:
    """Replace the day by what the export holds."""
    cents = ctx.params["cents"]
    orders = [Order(ctx.day, order.id, cents) for order in ctx.orders()]
    yield "read"
    tx = ctx.warehouse.begin()
    tx.overwrite(ctx.day, orders)
    tx.commit()
    yield "committed"


def play(night: Night, until: datetime = DATA_DUE) -> Orchestrator:
    """Start the night's run at 03:12 and let the time pass."""
    load = Task("load_orders", load_orders, params={"cents": night.cents})
    revenue = DAG("revenue", (load,))
    minutely = Settings(tick_seconds=60)
    machine = Orchestrator([revenue], night.faults, minutely, FakeClock(START))
    machine.trigger("revenue", FRIDAY)
    machine.run_until(until)
    return machine


# --8<-- [start:fix]
def pipeline_light(log: list[Event], due: datetime) -> bool:
    """Ask the event log: had the run ended in success when it was due?"""
    return any(event.kind == "run_success" and event.at <= due for event in log)


def data_light(warehouse: Warehouse, day: str) -> bool:
    """Ask the table, once the data is due: does it agree with the ledger?"""
    query = "select count(*), sum(cents) from revenue where day = ?"
    [row] = warehouse.query(query, day)
    return tuple(row) == LEDGER


# --8<-- [end:fix]
class Lights(NamedTuple):
    """What a morning shows: is the pipeline well, is the data right?"""

    pipeline: bool
    data: bool


def lights(machine: Orchestrator) -> Lights:
    """Read both, each from its own source."""
    pipeline = pipeline_light(machine.store.events(), RUN_DUE)
    return Lights(pipeline, data_light(machine.warehouse, f"{FRIDAY:%Y-%m-%d}"))


# --8<-- [start:bug]
STATUSES: dict[str, Callable[[Lights], bool]] = {
    "the run": lambda seen: seen.pipeline,
    "the data": lambda seen: seen.data,
    "both": lambda seen: seen.pipeline and seen.data,
    "either": lambda seen: seen.pipeline or seen.data,
}


def shown_by(status: Callable[[Lights], bool], seen: Lights) -> Lights:
    """Show one value to everybody: each owner takes it for an answer."""
    return Lights(pipeline=status(seen), data=status(seen))


# --8<-- [end:bug]
def misjudged(shown: dict[str, Lights]) -> list[str]:
    """Name the nights of which a display says something false."""
    truth = {name: (n.pipeline_well, n.data_right) for name, n in NIGHTS.items()}
    return [name for name in NIGHTS if shown[name] != truth[name]]


# --8<-- [start:matrix]
OWNER = {
    Lights(pipeline=True, data=True): "nobody",
    Lights(pipeline=False, data=True): "pipeline, by day",
    Lights(pipeline=True, data=False): "data, now",
    Lights(pipeline=False, data=False): "pipeline, now",
}
# --8<-- [end:matrix]

if __name__ == "__main__":
    mornings = {name: play(night) for name, night in NIGHTS.items()}
    seen = {name: lights(machine) for name, machine in mornings.items()}
    for label, status in STATUSES.items():
        wrong = misjudged({name: shown_by(status, pair) for name, pair in seen.items()})
        print(f"{label:<12}wrong: {', '.join(wrong)}")
    print(f"{'two lights':<12}wrong: {', '.join(misjudged(seen)) or 'none'}\n")
    print(f"{'':<17}run      figure        pipeline  data   owner")
    for name, machine in mornings.items():
        run, figure = machine.store.runs()[0].state, eur(machine.warehouse.total())
        pipeline = "well" if seen[name].pipeline else "sick"
        data = "right" if seen[name].data else "wrong"
        row = f"{name:<17}{run:<9}{figure:<14}{pipeline:<10}{data:<7}"
        print(row + OWNER[seen[name]])
