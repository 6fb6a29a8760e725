"""Draw the arrows: a path from each writer of a table to its readers, and no needless wait."""

# --8<-- [start:given]
from typing import NamedTuple


class Task(NamedTuple):
    """The tables that a task reads, the one that it writes, its minutes."""

    reads: set[str]
    writes: str
    minutes: int = 1


TASKS = {
    "load_orders": Task(set(), "raw_orders", minutes=11),
    "load_returns": Task(set(), "raw_returns", minutes=6),
    "load_costs": Task(set(), "raw_costs", minutes=3),
    "stg_orders": Task({"raw_orders", "raw_returns"}, "stg_orders"),
    "fct_returns": Task({"raw_returns"}, "fct_returns"),
    "fct_margin": Task({"stg_orders", "raw_costs"}, "fct_margin"),
    # Adds tonight's margin to the balance of the night before.
    "fct_balance": Task({"fct_margin", "fct_balance"}, "fct_balance"),
}

ARROWS = [
    ("load_returns", "load_orders"),
    ("load_orders", "stg_orders"),
    ("load_returns", "fct_returns"),
    ("stg_orders", "fct_margin"),
    ("fct_margin", "fct_balance"),
]
# --8<-- [end:given]


# --8<-- [start:hints]
HINTS = [
    "Go through TASKS and ask of each table in `reads`: which task writes it, and does a path of "
    "arrows lead from that task to this one? Then ask of each arrow: does its head read what its "
    "tail writes?",
    "One table is read without a path, and one arrow joins two tasks that share no table. If you "
    "delete that arrow, look again: a path that another task relied on ran over it.",
]
# --8<-- [end:hints]


# --8<-- [start:solution]
ARROWS = [
    ("load_orders", "stg_orders"),
    ("load_returns", "stg_orders"),
    ("load_returns", "fct_returns"),
    ("stg_orders", "fct_margin"),
    ("load_costs", "fct_margin"),
    ("fct_margin", "fct_balance"),
]
# --8<-- [end:solution]


# --8<-- [start:grader]
from collections.abc import Iterator

Arrow = tuple[str, str]


def upstream(task: str, arrows: list[Arrow]) -> set[str]:
    """Name the tasks from which an arrow leads to this one."""
    return {before for before, after in arrows if after == task}


def all_upstream(task: str, arrows: list[Arrow]) -> set[str]:
    """Name all that ends before this task starts, however far back."""
    direct = upstream(task, arrows)
    return direct.union(*(all_upstream(one, arrows) for one in direct))


def sequences(arrows: list[Arrow], done: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Walk over every sequence that keeps the arrows; one that gets stuck is cut short."""
    ready = [task for task in TASKS if task not in done and upstream(task, arrows) <= set(done)]
    if not ready:
        yield done
    for task in ready:
        yield from sequences(arrows, (*done, task))


def minutes(arrows: list[Arrow]) -> int:
    """Say how long the night is, if each task starts as soon as its arrows allow."""
    end: dict[str, int] = {}
    for task in next(sequences(arrows)):
        end[task] = max((end[one] for one in upstream(task, arrows)), default=0)
        end[task] += TASKS[task].minutes
    return max(end.values())


def needed() -> list[Arrow]:
    """Pair each task with those that write what it reads in the same night."""
    writer = {task.writes: name for name, task in TASKS.items()}
    pairs = [(writer[table], name) for name, task in TASKS.items() for table in sorted(task.reads)]
    return [(before, after) for before, after in pairs if before != after]


def grade() -> str:
    """Run the night in every sequence, and then ask what each arrow is for."""
    unknown = {name for arrow in ARROWS for name in arrow} - set(TASKS)
    assert not unknown, (
        f"An arrow names {', '.join(sorted(unknown))}, which is no task of this night. "
        "The names are the keys of TASKS; a table's name is not one."
    )
    longest = next(sequences(ARROWS))
    stuck = [task for task in TASKS if task not in longest]
    assert not stuck, (
        f"No night can run: {', '.join(stuck)} can never start, because a cycle of arrows lets a "
        "task wait for itself. What was read from the night before belongs to another run, which "
        "no arrow of this one reaches."
    )
    nights = list(sequences(ARROWS))
    for before, after in needed():
        early = [one for one in nights if one.index(after) < one.index(before)]
        assert len(early) < len(nights), (
            f"In every sequence {after} runs before {before}, whose table it reads: an arrow "
            "between them points the wrong way."
        )
        assert not early, (
            f"Your arrows allow {len(nights)} sequences, and in {len(early)} of them {after} runs "
            f"before {before} has written {TASKS[before].writes}. One of them is "
            f"{', '.join(early[0])}. It is green, and its figures lack what it did not find."
        )
    for arrow in ARROWS:
        others = [one for one in ARROWS if one != arrow]
        before, after = arrow
        if arrow in needed() or before in all_upstream(after, others):
            continue
        longer = minutes(ARROWS) - minutes(others)
        price = f"the night takes {longer} minutes more" if longer else "no minute is lost tonight"
        raise AssertionError(
            f"{after} waits for {before}, and reads nothing that {before} writes. With this arrow "
            f"{price}, and when {before} fails, {after} does not run at all."
        )
    return (
        f"Your arrows allow {len(nights)} sequences. All of them end in the same figures, and the "
        f"night takes {minutes(ARROWS)} minutes."
    )


# --8<-- [end:grader]

if __name__ == "__main__":
    from grading import show

    show(__file__)
