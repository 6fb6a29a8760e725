# %% [markdown]
# # Break it eight ways
#
# Break one small pipeline in eight ways. Of how many will the orchestrator tell you?
#
# The pipeline is the nightly one of *Tallow & Pine*. `load` copies the day's orders into the table
# `revenue`, and `publish` puts the figure on the CFO's dashboard. A day has ten orders of €100.00,
# so every night has one right answer: €1,000.00.
#
# It runs on [miniorch](../reference/miniorch.md), a whole orchestrator in the standard library, in
# which faults are data and time moves only when told. After each fault you hear two witnesses. The
# orchestrator knows how the attempts ended. The warehouse knows which rows are there. Neither has
# asked the other.

# %%
from collections.abc import Iterator
from datetime import UTC, datetime

from exhibits import Bars, Table, show
from miniorch import (
    DAG,
    INCIDENT,
    FakeClock,
    Fault,
    FaultKind,
    Orchestrator,
    Reprocess,
    RetryPolicy,
    RunState,
    Settings,
    Stalled,
    Task,
    TaskContext,
    TriggerRule,
    eur,
    sensor,
)

DAY = "2026-03-14"


def load(ctx: TaskContext) -> Iterator[str]:
    """Append the orders of the run's day to `revenue`."""
    yield "started"
    orders = ctx.orders()
    yield "read"
    tx = ctx.warehouse.begin()
    tx.append(orders)
    tx.commit()
    yield "committed"


def publish(ctx: TaskContext) -> Iterator[str]:
    """Put the day's figure on the dashboard, whatever it is."""
    yield "published"


# %% [markdown]
# Each `yield` is a point in an attempt's life. A fault can strike there and nowhere else, so a
# fault that you declare always strikes at the same instant.
#
# The rest of the set-up runs a night and writes down what the two witnesses say.

# %%
verdicts: dict[str, tuple[str, str, int]] = {}


def pipeline(load_with: object = load, **options: object) -> DAG:
    """Make the pipeline, with another load or other options for it."""
    tasks = (Task("load", load_with, **options), Task("publish", publish, upstream=("load",)))
    return DAG("revenue", tasks)


def night(dag: DAG, *faults: Fault, clock: FakeClock | None = None) -> Orchestrator:
    """Run the pipeline for 14 March, to its end."""
    machine = Orchestrator([dag], faults, clock=clock)
    machine.trigger(dag.id, INCIDENT)
    machine.run_until_idle()
    return machine


def judge(mode: str, machine: Orchestrator) -> None:
    """Ask both witnesses, and keep what they say for the end."""
    [run] = machine.store.runs()
    tasks = ", ".join(f"{ti.task_id} {ti.state}" for ti in machine.store.tasks_of(run).values())
    verdicts[mode] = run.state, tasks, int(machine.warehouse.total(DAY))
    print(f"orchestrator: run {run.state} ({tasks})")
    print(f"warehouse:    {eur(machine.warehouse.total(DAY))} for 14 March")


judge("a good night", night(pipeline()))

# %% [markdown]
# That is what a good night looks like. Keep the first line in mind: five of the eight nights will
# print it letter for letter.
#
# ## Nothing arrives
#
# The shop exports its orders an hour late. At 03:00 there is nothing to read, and a load of no
# rows is a load that worked.

# %%
late = Fault(FaultKind.LATE_ROWS, rows=10, seconds=3600)
judge("silent success", night(pipeline(), late))

# %% [markdown]
# A [silent success](../glossary/silent-success.md). The attempt ended without an error, which is
# all that the orchestrator looks at. An empty input is one of four ways to get here; the chapter
# [Silent Success](../anatomy-of-a-broken-pipeline/silent-success.md) has the others.
#
# ## The clock, instead of the run
#
# Somebody wrote a load that asks the clock which day it is. The run starts ten seconds before
# midnight, and the warehouse is busy for ten minutes.


# %%
def load_today(ctx: TaskContext) -> Iterator[str]:
    """Append the orders of whatever day it is when this line is reached."""
    yield "started"
    today = ctx.now().date().isoformat()
    tx = ctx.warehouse.begin()
    tx.append(ctx.warehouse.orders(today, ctx.now()))
    tx.commit()
    yield "committed"


before_midnight = FakeClock(datetime(2026, 3, 14, 23, 59, 50, tzinfo=UTC))
busy = Fault(FaultKind.SLOW, task="load", at="started", seconds=600)
machine = night(pipeline(load_today), busy, clock=before_midnight)
judge("schedule drift", machine)
print(f"              {eur(machine.warehouse.total('2026-03-15'))} for 15 March")

# %% [markdown]
# The money is not lost, it is on the wrong day. [Schedule drift](../glossary/schedule-drift.md) is
# quiet because the month still adds up. `ctx.day`, the day that the run is for, is the same in
# every attempt; the clock is not.
#
# ## Half of it
#
# A load that commits after each half, to keep transactions small. The process is killed between
# them.


# %%
def load_in_halves(ctx: TaskContext) -> Iterator[str]:
    """Append the first five orders and commit, then the rest."""
    orders = ctx.orders()
    yield "read"
    for label, half in (("half", orders[:5]), ("committed", orders[5:])):
        tx = ctx.warehouse.begin()
        tx.append(half)
        tx.commit()
        yield label


killed = Fault(FaultKind.CRASH, task="load", at="half")
judge("partial load", night(pipeline(load_in_halves), killed))

# %% [markdown]
# At last something red, and yet the dashboard that reads `revenue` shows €500.00, which is a
# plausible Saturday. *Failed* says how the attempt ended. It does not say that nothing was written:
# that is what a [partial load](../glossary/partial-load.md) teaches.
#
# ## Once more, to be safe
#
# Back to the whole load, with one retry. The process dies after the commit, before it can say so.

# %%
lost_answer = Fault(FaultKind.CRASH, task="load", at="committed")
judge("retry-induced corruption", night(pipeline(retry=RetryPolicy(retries=1)), lost_answer))

# %% [markdown]
# To the orchestrator a lost answer and a lost write look the same, so it did what it was told. The
# retry turned a red run with the right figure into a green one with twice the figure. This is
# [retry-induced corruption](../glossary/retry-induced-corruption.md).
#
# ## Two of them
#
# The same retry policy. This time the machine under `load` freezes for a minute: no heartbeat
# leaves it, and nothing in it has died.

# %%
frozen = (
    Fault(FaultKind.LOSE_HEARTBEAT, task="load", at="read", seconds=60),
    Fault(FaultKind.SLOW, task="load", at="read", seconds=60),
)
machine = night(pipeline(retry=RetryPolicy(retries=1)), *frozen)
judge("zombie twin", machine)
for event in machine.store.events("heartbeat_timeout", "started", "warehouse", "refused"):
    seconds = (event.at - INCIDENT).total_seconds()
    print(f"{seconds:>4g} s  {event.task_id} #{event.attempt}  {event.worker:<2}  {event.kind}")

# %% [markdown]
# After more than 30 seconds of silence the scheduler gave attempt 1 up and started attempt 2. Then
# attempt 1 woke and wrote as well. Its report was refused, its rows were not: the scheduler guards
# its own table, and `revenue` is another. Two attempts that are alive at once are
# [zombie twins](../glossary/zombie-twin.md).
#
# ## History, again
#
# A good night. Next morning somebody backfills the week, and the backfill redoes what is completed.

# %%
machine = night(pipeline())
machine.backfill("revenue", [INCIDENT], Reprocess.COMPLETED)
machine.run_until_idle()
judge("backfill collision", machine)

# %% [markdown]
# A [backfill collision](../glossary/backfill-collision.md), of the kind that collides with its own
# past. [Backfill without double counting](backfill-without-double-counting.ipynb) is a whole lab on
# it.
#
# ## Nobody moves
#
# On Friday the pool `warehouse` was cut to one slot. A sensor sits in it and waits for a file. The
# task that writes the file needs a slot of the same pool.


# %%
def land(ctx: TaskContext) -> Iterator[str]:
    """Write the file that the sensor waits for."""
    tx = ctx.warehouse.begin()
    tx.execute("insert into landed values (?)", ctx.day)
    tx.commit()
    yield "landed"


def landed(ctx: TaskContext) -> bool:
    """Tell whether the day's file is there."""
    return ctx.warehouse.has_landed(ctx.day)


tasks = (
    sensor("wait", landed, pool="warehouse"),
    Task("land", land, pool="warehouse"),
    Task("load", load, upstream=("wait",)),
)
one_slot = Settings(pools={"default": 128, "warehouse": 1})
machine = Orchestrator([DAG("revenue", tasks)], settings=one_slot)
machine.trigger("revenue", INCIDENT)
try:
    machine.run_until_idle()
except Stalled as stalled:
    print(stalled)
judge("silent stall", machine)

# %% [markdown]
# Five hundred ticks, not one failure. Nothing is red because nothing has ended, and an alert that
# listens for failures has nothing to hear. What ends a [silent stall](../glossary/silent-stall.md)
# is somebody outside who knows by when the run should be over.
#
# ## Red, then green
#
# The load fails every time. Below it stands a task that tells the channel how the night went, and
# it runs whatever happened before.


# %%
def broken(ctx: TaskContext) -> Iterator[str]:
    """Fail, as a load does whose column was renamed."""
    yield "started"
    raise ValueError("no such column: amount")


def notify(ctx: TaskContext) -> Iterator[str]:
    """Tell the channel that the night is over."""
    yield "sent"


always = Task("notify", notify, upstream=("publish",), trigger_rule=TriggerRule.ALL_DONE)
dag = DAG("revenue", (*pipeline(broken).tasks, always))
judge("deceptively green DAG", night(dag))

# %% [markdown]
# Only the leaves decide the state of a run, here as in Airflow, and the only leaf is the task that
# always works. The run is a [deceptively green DAG](../glossary/deceptively-green-dag.md): a list
# of runs shows success.
#
# ## What the two witnesses said

# %%
rows = [(mode, run, f"€{total:,}.00", tasks) for mode, (run, tasks, total) in verdicts.items()]
show(Table(("night", "run", "14 March", "tasks"), rows))

# %%
totals = {mode: total for mode, (_, _, total) in verdicts.items()}
show(Bars("What the warehouse holds for 14 March", totals, unit="EUR", right=1000))

# %% [markdown]
# Alerts are usually on failed runs. Against it, one query from outside the orchestrator, at 08:00:
# does 14 March hold what the source says it sold?

# %%
broken_nights = {mode: verdict for mode, verdict in verdicts.items() if mode != "a good night"}
by_alert = [m for m, (run, _, _) in broken_nights.items() if run == RunState.FAILED]
by_query = [m for m, (_, _, total) in broken_nights.items() if total != 1000]
print(f"a failed run is seen in {len(by_alert)} of 8 nights: {', '.join(by_alert)}")
print(f"a wrong total is seen in {len(by_query)} of 8 nights")

# %% [markdown]
# The query knows nothing of tasks, retries or heartbeats, and that is why it works: it asks about
# the effect. Its price is that it needs a number to compare with. The source has to declare one,
# and where it declares nothing you are left with what a usual day looks like.
#
# ## Try it
#
# 1. In *Once more, to be safe*, replace `tx.append(orders)` in `load` by
#    `tx.overwrite(ctx.day, orders)` and run everything again. Three bars change. Which, and why not
#    the other five?
# 2. In *Two of them*, make both faults 30 seconds long, then 35. Which of the two attempts writes
#    first now? And what would a longer timeout cost on a night when the machine is really gone?
# 3. In *Nobody moves*, give the sensor `mode=SensorMode.DEFERRED` (import it from `miniorch`). Same
#    pool, same slot. Why does the run end?
#
# The eight modes are those of the course
# [Anatomy of a Broken Pipeline](../anatomy-of-a-broken-pipeline/index.md).
