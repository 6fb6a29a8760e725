# %% [markdown]
# # How long is a tick?
#
# Eight tasks of two seconds each, one after the other, on an idle machine. Why does the run take 80
# seconds?
#
# No task is slow, no queue is full, no worker is missing. The time goes into the gaps, and the gaps
# have a size. This lab measures it on [miniorch](../reference/miniorch.md), where time moves only
# when told: every second below is simulated, and you will get the same ones.
#
# ## A chain that does nothing
#
# A [tick](../glossary/tick.md) is one pass of the scheduler's loop. It looks at what is there, does
# what can be done now, and begins again. To see the gaps alone, give it tasks that take no time at
# all.

# %%
from collections.abc import Iterator, Sequence

from exhibits import Bars, Lines, Table, show
from miniorch import (
    DAG,
    INCIDENT,
    Fault,
    FaultKind,
    Orchestrator,
    Settings,
    Task,
    TaskContext,
    to_lines,
)


def instant(ctx: TaskContext) -> Iterator[str]:
    """Be over at once: the `yield` only makes it a generator."""
    return
    yield


def chain(length: int) -> list[Task]:
    """Make tasks of which each waits for the one before."""
    return [
        Task(f"t{n}", instant, upstream=(f"t{n - 1}",) if n > 1 else ())
        for n in range(1, length + 1)
    ]


def run(tasks: Sequence[Task], faults: Sequence[Fault] = (), **settings: float) -> Orchestrator:
    """Run the tasks once, to the end."""
    dag = DAG("nightly", tuple(tasks))
    machine = Orchestrator([dag], faults, Settings(**settings))
    machine.trigger(dag.id, INCIDENT)
    machine.run_until_idle()
    return machine


def seconds(machine: Orchestrator) -> float:
    """From the first event of the run to its success, in simulated seconds."""
    first, last = machine.store.events("run_created", "run_success")
    return (last.at - first.at).total_seconds()


machine = run(chain(2), tick_seconds=5)
states = [event for event in machine.store.events() if event.kind in ("state", "run_success")]
print("\n".join(to_lines(states)))

# %% [markdown]
# Within one tick a task goes all the way from *none* to *success*. Its successor does not move. The
# loop had looked at it at the top of that tick, when `t1` was not yet done, and will look again in
# the next. So every arrow of the chain costs one tick, and the last one, from the last task to the
# end of the run, does too.
#
# ## Length times tick

# %%
lengths = range(1, 11)
ticks = (1, 5, 30)
series = {
    f"tick of {tick} s": [seconds(run(chain(n), tick_seconds=tick)) for n in lengths]
    for tick in ticks
}
show(
    Lines(
        "Instant tasks in a chain",
        "tasks in the chain",
        "seconds until the run is over",
        lengths,
        series,
    )
)

# %%
rows = [(n, *(f"{line[n - 1]:g} s" for line in series.values())) for n in lengths]
show(Table(("tasks", *series), rows))

# %% [markdown]
# Nothing was computed in any of these runs. A chain of ten instant tasks takes ten ticks, and
# whoever has split one job into ten steps for the sake of a tidy graph has bought nine ticks with
# it.
#
# ## Two seconds are ten
#
# Now let each task take a while. The end of an attempt has to be noticed, and that happens in a
# tick; the successor is looked at in the one after.


# %%
def working(ctx: TaskContext) -> Iterator[str]:
    """Stand still at one point; the fault says for how long."""
    yield "working"


def lasting(task: Task, length: float) -> Fault:
    """Let a task take so many seconds."""
    return Fault(FaultKind.SLOW, task=task.id, at="working", seconds=length)


def busy(tasks: Sequence[Task], length: float, **settings: float) -> float:
    """Seconds of a run in which every task takes `length` seconds."""
    tasks = [Task(task.id, working, upstream=task.upstream) for task in tasks]
    return seconds(run(tasks, [lasting(task, length) for task in tasks], **settings))


rows = [
    (f"{length} s", *(f"{busy(chain(1), length, tick_seconds=tick):g} s" for tick in ticks))
    for length in (1, 2, 5, 6, 30, 31)
]
show(Table(("one task of", *series), rows))

# %% [markdown]
# The work is rounded up to whole ticks, and one more is added. With a tick of 5 seconds, a task of
# 1 second and a task of 5 take the same 10; a sixth second costs five. Half an hour of work does
# not care. Work that is shorter than a tick is all waiting.
#
# That answers the question at the top. Two seconds become ten, eight times over.

# %%
print(f"{busy(chain(8), 2, tick_seconds=5):g} s, of which {8 * 2} s are work")

# %% [markdown]
# One thing is simpler here than in the tool that you run. A miniorch worker takes a step in each
# tick, so an attempt also *ends* on a tick. A real worker ends when it ends, and only the notice
# waits for the loop. The gap is of the same size.
#
# ## What shortens it
#
# Four changes to the same sixteen seconds of work.

# %%
side_by_side = [Task(f"t{n}", working) for n in range(1, 9)]
one_task = [Task("all", working)]
figures = {
    "a chain of 8, tick of 5 s": busy(chain(8), 2, tick_seconds=5),
    "a chain of 8, tick of 1 s": busy(chain(8), 2, tick_seconds=1),
    "a chain of 4 tasks of 4 s, tick of 5 s": busy(chain(4), 4, tick_seconds=5),
    "one task of 16 s, tick of 5 s": busy(one_task, 16, tick_seconds=5),
    "8 side by side, 4 workers, tick of 5 s": busy(side_by_side, 2, tick_seconds=5),
    "8 side by side, 8 workers, tick of 5 s": busy(side_by_side, 2, tick_seconds=5, workers=8),
}
show(Bars("The same 16 seconds of work", figures, unit="s"))

# %%
rows = [(name, f"{figure:g} s", f"{figure - 16:+g} s") for name, figure in figures.items()]
show(Table(("", "until the run is over", "against the work"), rows))

# %% [markdown]
# - **A shorter tick** helps every DAG and costs the database a look at all unfinished tasks, more
#   often. It cannot be shorter than the look takes.
# - **A shorter chain** helps one DAG. Merging steps gives up what the split bought: a retry of the
#   failed step alone, and a line in the log for each. Merge steps that are always retried together.
# - **Side by side** is the only change that beats the sum of the work, and it needs the workers.
#   With four for eight tasks, the second half waits for a tick to see the first half gone.
#
# What does not help is a faster machine under the tasks. The work is a fifth of the run.
#
# ## Try it
#
# 1. Give `busy(side_by_side, 2, ...)` one worker. Before you run it, say the number, and to which
#    of the six figures it is equal.
# 2. Which tick is the worst for tasks of 6 seconds: 2, 3, 5, 6 or 7? Try `busy(chain(8), 6, ...)`
#    with each, and find the rule.
# 3. Add `parallelism=2` to the last bar, which has eight workers. How many of them ever work?
