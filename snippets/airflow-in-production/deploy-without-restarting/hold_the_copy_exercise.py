"""Have this check hold back a copy that would break off or repeat a task, and no other copy."""

# --8<-- [start:given]
from typing import NamedTuple


class Task(NamedTuple):
    """One task of a run, as Airflow stores it."""

    state: str | None  # None, queued, running, success, up_for_retry or failed
    start_date: str | None  # when its last attempt began; a retry that waits keeps it


class Run(NamedTuple):
    """One run of the Dag, as Airflow stores it."""

    run_id: str
    state: str  # running, success or failed
    bundle_version: str | None  # its commit, if it is pinned
    tasks: dict[str, Task]  # by their ids


def holds(after: set[str], runs: list[Run]) -> list[str]:
    """Return the runs that forbid a copy with these task ids."""
    return [run.run_id for run in runs if len(after) < len(run.tasks)]


# --8<-- [end:given]


# --8<-- [start:hints]
HINTS = [
    "A rename takes one task away and adds another, so the number of tasks stays the same. Which "
    "tasks of a run are not in `after`, and has a worker begun any of them?",
    "Hold the copy back if the run is `running`, its `bundle_version` is `None`, and a task whose "
    "id is not in `after` has a `start_date`. All three have to be true of one run.",
]
# --8<-- [end:hints]


# --8<-- [start:solution]
def holds(after: set[str], runs: list[Run]) -> list[str]:
    """Return the ids of the runs in flight, not pinned, that lose a task that has begun."""
    return [
        run.run_id
        for run in runs
        if run.state == "running" and run.bundle_version is None
        if any(task.start_date for task in lost(run, after))
    ]


def lost(run: Run, after: set[str]) -> list[Task]:
    """Return the tasks that the copy takes away from a run."""
    return [task for task_id, task in run.tasks.items() if task_id not in after]


# --8<-- [end:solution]


# --8<-- [start:grader]
RENAMED = {"load_shop_orders", "stg_orders", "fct_revenue_daily"}
SAME = {"load_orders", "stg_orders", "fct_revenue_daily"}


WAITS, QUEUED = Task(None, None), Task("queued", None)
RUNS, DONE = Task("running", "16:54"), Task("success", "16:43")
AGAIN = Task("up_for_retry", "16:54"), Task("queued", "16:54")


def run(load: Task, state: str = "running", commit: str | None = None) -> Run:
    """Return Thursday's run, with its load like this and nothing after it begun."""
    rest = DONE if state == "success" else WAITS
    return Run("Thursday", state, commit, dict.fromkeys(SAME, rest) | {"load_orders": load})


def grade() -> str:
    """Ask about twelve copies, the harmless ones first."""
    assert holds(SAME, [run(RUNS)]) == [], (
        "A copy without a rename came while Thursday was loading: only the code inside a task had "
        "changed, and you held it back. No task is taken away from the run, so what would stop?"
    )
    assert holds(SAME | {"notify"}, [run(RUNS)]) == [], (
        "A copy that adds the task notify came while Thursday was loading, and you held it back. "
        "Nothing that has begun is taken away: the run gains a task and loads once. Compare what "
        "the run has with what is left of it, not whether anything differs."
    )
    assert holds(RENAMED, [run(DONE, "success")]) == [], (
        "Thursday's run had ended, and you held the rename back. The scheduler looks at no run "
        "that has ended: with this rule you could never rename a task again."
    )
    assert holds(RENAMED, [run(RUNS, commit="4f2a9c1")]) == [], (
        "Thursday was loading from commit 4f2a9c1, and you held the rename back. A pinned run is "
        "held to its commit until it ends, so it never sees the new name. Which field says so?"
    )
    assert holds(RENAMED, [run(QUEUED)]) == [], (
        "Thursday's load was queued, and you held the rename back. No worker had begun it, so the "
        "new name loads once and the old one never does. Who has begun, and who only waits?"
    )
    assert holds(RENAMED, [run(RUNS)]) == ["Thursday"], (
        "The rename came while Thursday was loading, and you let it through. Six files are in the "
        "table, the load is broken off, and its new name loads all eleven: 30,657 orders. One task "
        "goes and one comes, so a count of tasks sees nothing."
    )
    assert holds(RENAMED, [run(DONE)]) == ["Thursday"], (
        "The rename came when Thursday's load had ended and its run had not, and you let it "
        "through. The new name is a task that has not run yet, so the whole day is loaded "
        "a second time. A task that is done can be repeated too."
    )
    waits, queued = AGAIN
    assert holds(RENAMED, [run(waits)]) == ["Thursday"], (
        "Thursday's load had failed after six files, and you let the rename through before its "
        "retry. The retry will never come, and the new name loads all eleven: 30,657 orders. A "
        "task that has stopped for now has begun, too."
    )
    assert holds(RENAMED, [run(queued)]) == ["Thursday"], (
        "Thursday's load was queued for its second try, and you let the rename through. Its first "
        "try had written six files. It has the same state as a task that nobody has begun, so "
        "which field tells the two apart?"
    )
    assert holds(SAME - {"load_orders"}, [run(RUNS)]) == ["Thursday"], (
        "A copy that drops load_orders, and adds nothing for it, came while Thursday was loading, "
        "and you let it through. Six files are in the table, and the other five never come. A task "
        "is broken off by what the copy takes away, whether or not it brings a new one."
    )
    both = [run(RUNS, commit="4f2a9c1")._replace(run_id="Wednesday"), run(RUNS)]
    assert holds(RENAMED, both) == ["Thursday"], (
        "Wednesday's run was pinned and Thursday's was not, and your answer for the two together "
        "is not Thursday alone. Judge each run by itself: one that is safe does not excuse another."
    )
    assert holds(RENAMED, both[::-1]) == ["Thursday"], (
        "The same two runs came in the other order, with Thursday's first, and your answer is not "
        "Thursday alone. Which of the runs did you not look at?"
    )
    return "Twelve copies: seven held back, each by the run that it would harm, and five let go."


# --8<-- [end:grader]

if __name__ == "__main__":
    from grading import show

    show(__file__)
