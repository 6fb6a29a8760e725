"""Have this check hold back a copy that would break off or repeat a task, and no other copy."""

# --8<-- [start:given]
from typing import NamedTuple


class Run(NamedTuple):
    """One run of the Dag, as Airflow stores it.

    A task is None or queued, then running, then success.
    """

    run_id: str
    state: str  # running, success or failed
    bundle_version: str | None  # its commit, if it is pinned
    tasks: dict[str, str | None]  # each task's state


def holds(after: set[str], runs: list[Run]) -> list[str]:
    """Return the runs that forbid a copy with these task ids."""
    return [run.run_id for run in runs if len(after) < len(run.tasks)]


# --8<-- [end:given]


# --8<-- [start:hints]
HINTS = [
    "A rename takes one task away and adds another, so the number of tasks stays the same. Which "
    "tasks of a run are not in `after`, and has a worker begun any of them?",
    "Hold the copy back if the run is `running`, its `bundle_version` is `None`, and a task whose "
    "id is not in `after` is `running` or in `success`. All three have to be true of one run.",
]
# --8<-- [end:hints]


# --8<-- [start:solution]
def holds(after: set[str], runs: list[Run]) -> list[str]:
    """Return the ids of the runs in flight, not pinned, that lose a task that has begun."""
    return [
        run.run_id
        for run in runs
        if run.state == "running" and run.bundle_version is None
        if any(state in ("running", "success") for state in lost(run, after))
    ]


def lost(run: Run, after: set[str]) -> list[str | None]:
    """Return the states of the tasks that the copy takes away from a run."""
    return [state for task, state in run.tasks.items() if task not in after]


# --8<-- [end:solution]


# --8<-- [start:grader]
RENAMED = {"load_shop_orders", "stg_orders", "fct_revenue_daily"}
SAME = {"load_orders", "stg_orders", "fct_revenue_daily"}


def run(load: str | None, state: str = "running", commit: str | None = None) -> Run:
    """Return Thursday's run, with its load in this state and nothing after it begun."""
    rest = "success" if state == "success" else None
    return Run("Thursday", state, commit, {task: rest for task in SAME} | {"load_orders": load})


def grade() -> str:
    """Ask about eight copies, the harmless ones first."""
    assert holds(SAME, [run("running")]) == [], (
        "A copy without a rename came while Thursday was loading: only the code inside a task had "
        "changed, and you held it back. No task is taken away from the run, so what would stop?"
    )
    assert holds(SAME | {"notify"}, [run("running")]) == [], (
        "A copy that adds the task notify came while Thursday was loading, and you held it back. "
        "Nothing that has begun is taken away: the run gains a task and loads once. Compare what "
        "the run has with what is left of it, not whether anything differs."
    )
    assert holds(RENAMED, [run("success", "success")]) == [], (
        "Thursday's run had ended, and you held the rename back. The scheduler looks at no run "
        "that has ended: with this rule you could never rename a task again."
    )
    assert holds(RENAMED, [run("running", commit="4f2a9c1")]) == [], (
        "Thursday was loading from commit 4f2a9c1, and you held the rename back. A pinned run is "
        "held to its commit until it ends, so it never sees the new name. Which field says so?"
    )
    assert holds(RENAMED, [run("queued")]) == [], (
        "Thursday's load was queued, and you held the rename back. No worker had begun it, so the "
        "new name loads once and the old one never does. Who has begun, and who only waits?"
    )
    assert holds(RENAMED, [run("running")]) == ["Thursday"], (
        "The rename came while Thursday was loading, and you let it through. Six files are in the "
        "table, the load is broken off, and its new name loads all eleven: 30,657 orders. One task "
        "goes and one comes, so a count of tasks sees nothing."
    )
    assert holds(RENAMED, [run("success")]) == ["Thursday"], (
        "The rename came when Thursday's load had ended and its run had not, and you let it "
        "through. The new name is a task that has not run yet, so the whole day is loaded "
        "a second time. A task that is done can be repeated too."
    )
    both = [run("running", commit="4f2a9c1")._replace(run_id="Wednesday"), run("running")]
    assert holds(RENAMED, both) == ["Thursday"], (
        "Wednesday's run was pinned and Thursday's was not, and your answer for the two together "
        "is not Thursday alone. Judge each run by itself: one that is safe does not excuse another."
    )
    return (
        "Eight copies: three held back, each by the run that it would harm, and five let through."
    )


# --8<-- [end:grader]

if __name__ == "__main__":
    from grading import show

    show(__file__)
