"""One graph on two nights: when the load got faster, revenue began before the rates were in."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from miniorch import DAG, FakeClock, Orchestrator, Task, TaskContext

AT_0312 = datetime(2026, 2, 21, 3, 12, tzinfo=UTC)
UPSTREAM = {
    "load_orders": (),
    "load_rates": (),
    "stg_orders": ("load_orders",),
    "fct_costs_daily": ("load_rates",),
    "fct_revenue_daily": ("stg_orders",),
    "publish_dashboard": ("fct_revenue_daily",),
}
USUAL = {"load_orders": 11, "load_rates": 4, "publish_dashboard": 0}  # minutes; the others take 1
NIGHTS = {"Fri 20": USUAL, "Sat 21": USUAL | {"load_orders": 1}}
RATES, ORDERS, REVENUE = DRAWN = "load_rates", "load_orders", "fct_revenue_daily"
Times = dict[str, tuple[float, float]]


def work(minutes: int) -> Callable[[TaskContext], Iterator[str]]:
    """Make a task that is busy for so many minutes, in steps of five seconds."""

    def run(_: TaskContext) -> Iterator[str]:
        for step in range(12 * minutes or 1):
            yield f"step {step}"

    return run


def run_night(minutes: dict[str, int]) -> Times:
    """Run the night; return when each task started and ended, in minutes after 03:12."""
    tasks = (Task(task, work(minutes.get(task, 1)), up) for task, up in UPSTREAM.items())
    machine = Orchestrator([DAG("nightly", tuple(tasks))], clock=FakeClock(AT_0312))
    machine.trigger("nightly", AT_0312)
    machine.run_until_idle()
    ticks = machine.store.events("started") + machine.store.events("reported")
    times: dict[str, list[float]] = {task: [] for task in UPSTREAM}
    for tick in ticks:
        times[tick.task_id].append((tick.at - AT_0312).total_seconds() / 60)
    return {task: (start, end) for task, (start, end) in times.items()}


def clock(minute: float) -> str:
    """The wall clock, so many minutes into the run."""
    return f"{AT_0312 + timedelta(minutes=minute):%H:%M}"


def lane(night: str, task: str) -> str:
    """Name a lane in few words: it is drawn on phones, too."""
    return f"{night}: {task.split('_')[1]}"


def bars(night: str, times: Times) -> Iterator[dict]:
    """Draw three tasks of a night: two loads, and the revenue that reads from both."""
    early = times[REVENUE][0] < times[RATES][1]
    for task in DRAWN:
        start, end = times[task]
        yield {
            "lane": lane(night, task),
            "start": round(start, 2),
            "end": round(end, 2),
            "state": "marked" if early and task == REVENUE else "done",
            "text": f"{clock(start)}–{clock(end)}" if end - start > 2.5 else clock(start),
        }


def log(night: str, times: Times) -> str:
    """Say a night in words."""
    starts, rates = times[REVENUE][0], times[RATES][1]
    told = "after the rates" if starts >= rates else "before the rates"
    apart = abs(round(starts) - round(rates))
    return f"{night}: {REVENUE} starts at {clock(starts)}, {apart} minutes {told}"


def picture(nights: dict[str, Times]) -> dict:
    """Draw both nights on one axis, and the way that leads from the orders to the revenue."""
    path = [
        {
            "start": [lane(night, ORDERS), round(times[ORDERS][1], 2)],
            "end": [lane(night, REVENUE), round(times[REVENUE][0], 2)],
        }
        for night, times in nights.items()
    ]
    return {
        "title": "Two nights of one graph",
        "axis": {
            "label": "the night's clock",
            "start": -4,  # room for the names of the lanes, so that no arrow runs through one
            "end": 14,
            "ticks": [[minute, clock(minute)] for minute in (0, 4, 8, 12)],
            "time": False,
        },
        "lanes": [lane(night, task) for night in nights for task in DRAWN],
        "runs": [
            {
                "choice": [],
                "bars": [bar for night, times in nights.items() for bar in bars(night, times)],
                "arrows": path,
                "frames": [{"step": "both nights", "log": [log(*one) for one in nights.items()]}],
            }
        ],
    }


if __name__ == "__main__":
    print(json.dumps(picture({name: run_night(minutes) for name, minutes in NIGHTS.items()})))
