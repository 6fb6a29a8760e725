# %% [markdown]
# # Backfill without double counting
#
# Three days of March have to be right by noon: one is loaded, one is half loaded, one was never
# run. Which backfill makes them €3,000.00, and which makes them something else?
#
# A [backfill](../glossary/backfill.md) is two decisions that are taken in two places. The operator
# decides which dates run again. The author of the load decided, perhaps years ago, what a second
# run does to rows that are there. This lab crosses the two, on
# [miniorch](../reference/miniorch.md).
#
# ## The table as you find it
#
# *Tallow & Pine* sells ten orders of €100.00 a day. On the 12th the load worked. On the 13th it
# was killed after the first five orders, and it commits after each half. On the 14th nobody ran it.

# %%
from datetime import timedelta
from itertools import product

from exhibits import Bars, Table, show
from miniorch import (
    DAG,
    INCIDENT,
    Fault,
    FaultKind,
    Orchestrator,
    Order,
    Reprocess,
    Task,
    Warehouse,
    eur,
    plan_backfill,
)
from miniorch.stock import load

TWELFTH, THIRTEENTH, FOURTEENTH = (INCIDENT - timedelta(days=n) for n in (2, 1, 0))
DAYS = [TWELFTH, THIRTEENTH, FOURTEENTH]
KILLED = Fault(
    FaultKind.CRASH,
    task="load",
    at="half",
    run_id=f"manual__{THIRTEENTH.isoformat()}",
)


def as_found(write: str, warehouse: Warehouse | None = None) -> Orchestrator:
    """Load the 12th whole and the 13th by half, with one way to write."""
    task = Task("load", load, params={"write": write, "transaction": False})
    machine = Orchestrator([DAG("revenue", (task,))], [KILLED], warehouse=warehouse)
    for day in (TWELFTH, THIRTEENTH):
        machine.trigger("revenue", day)
        machine.run_until_idle()
    return machine


def table(machine: Orchestrator) -> Table:
    """Show each day as the orchestrator and as the warehouse have it."""
    rows = []
    for day in DAYS:
        run = machine.store.run_on("revenue", day)
        total = eur(machine.warehouse.total(day.date().isoformat()))
        rows.append((f"{day:%d %B}", run.state if run else "no run", total))
    return Table(("day", "run", "in the warehouse"), rows)


show(table(as_found("append")))

# %% [markdown]
# Two of these lines are honest. The middle one is a [partial load](../glossary/partial-load.md):
# the run is red and five orders are in the table all the same.
#
# ## What would it do?
#
# Ask before you act. A [dry run](../glossary/dry-run.md) says for each date what the backfill would
# do with it, and `Reprocess` is the operator's decision: leave dates that have a finished run
# alone, do the failed ones again, or do all of them again.

# %%
machine = as_found("append")
rows = []
for reprocess in Reprocess:
    plan = plan_backfill(machine.store, machine.dags["revenue"], DAYS, reprocess)
    rows.append((reprocess, *plan.values()))
show(Table(("reprocess", *(f"{day:%d %B}" for day in DAYS)), rows))

# %% [markdown]
# *Already exists* means that nothing happens: with `none`, the half day stays half. *Clear* means
# that the same run goes back to its start. No second run appears beside the first, so with
# `completed` the list of runs shows three successes afterwards, whatever the table holds.
#
# ## Both decisions, crossed
#
# The author's decision is how the load writes. `append` adds the day's rows to what is there.
# `overwrite` replaces the day: an [overwrite-partition](../glossary/overwrite-partition.md).
# `upsert` replaces rows that have the same order id: an [upsert](../glossary/upsert.md).

# %%
STRATEGIES = ("append", "overwrite", "upsert")


def backfilled(write: str, reprocess: Reprocess) -> int:
    """Return what the three days hold, in euros, after the backfill."""
    machine = as_found(write)
    machine.backfill("revenue", DAYS, reprocess)
    machine.run_until_idle()
    return int(machine.warehouse.total())


totals = {pair: backfilled(*pair) for pair in product(STRATEGIES, Reprocess)}
rows = [
    (write, *(f"€{totals[write, reprocess]:,}.00" for reprocess in Reprocess))
    for write in STRATEGIES
]
show(Table(("write", *(f"reprocess {mode}" for mode in Reprocess)), rows))

# %%
figures = {f"{write}, reprocess {mode}": total for (write, mode), total in totals.items()}
show(Bars("Three days of revenue after the backfill", figures, unit="EUR", right=3000))

# %% [markdown]
# Read the rows. With `append` no choice of the operator is right: `none` leaves the half day,
# `failed` adds ten orders to the five, and `completed` also counts the 12th twice. The total cannot
# be rescued from the orchestrator's side, because each of its choices runs the same load.
#
# Read the columns. `none` is wrong whatever the load does, by the same €500.00, and it is the
# default here as in Airflow. The two loads that replace are right with `failed`, and still right
# with `completed`, which did a whole day for nothing. Being able to afford that is the point:
# nobody has to find out first which days are good.
#
# ## An order that is gone
#
# The two strategies that are right are right for different reasons. The shop cancels an order of
# the 12th on the 13th, and its export no longer has it. So the right figure is €2,900.00.


# %%
class Shop(Warehouse):
    """A source that can take an order back."""

    cancelled = ""

    def orders(self, day: str, now: object) -> list[Order]:
        """Read the day's orders, without the cancelled one."""
        return [order for order in super().orders(day, now) if order.id != self.cancelled]


def after_cancellation(write: str) -> int:
    """Load as found, lose one order at the source, and backfill all three days."""
    shop = Shop()
    machine = as_found(write, shop)
    shop.cancelled = "2026-03-12/07"
    machine.backfill("revenue", DAYS, Reprocess.COMPLETED)
    machine.run_until_idle()
    return int(shop.total())


figures = {write: after_cancellation(write) for write in STRATEGIES}
show(
    Bars("Three days, one order cancelled", figures, unit="EUR", right=2900),
    Table(("write", "total"), [(write, f"€{total:,}.00") for write, total in figures.items()]),
)

# %% [markdown]
# An upsert replaces the rows that come. The cancelled one does not come, so nothing replaces it,
# and it stays in the table for ever. The overwrite removes the day before it writes, and with it
# what the source no longer has.
#
# That is not a reason to overwrite everything. An overwrite needs all of the day in one piece. A
# source that sends only changes has no whole day to give, and then a cancellation has to come as a
# row of its own.
#
# ## Before the next one
#
# Write down the totals of the days, one by one. Make the dry run. Backfill one day, and compare its
# total with what you wrote down. Then do the range. A load that appends fails at the third step,
# with one day to repair.
#
# ## Try it
#
# 1. Backfill twice: call `machine.backfill(...)` and `machine.run_until_idle()` a second time in
#    `backfilled`. Which cells of the table change? The load whose row stays as it is, is
#    [idempotent](../glossary/idempotency.md).
# 2. Set `"transaction": True` in `as_found`. The 13th now starts from €0.00. Which of the three
#    wrong totals of `append` does that put right, and why only that one?
# 3. Trigger the run of the 14th right before the backfill, without running it. What does the dry
#    run say about that day, and who loads it?
