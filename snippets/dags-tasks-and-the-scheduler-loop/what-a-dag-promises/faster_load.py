"""How fast may the load become? Until a minute is reached at which revenue overtakes the rates."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from miniorch import DAG, FakeClock, Orchestrator, Task, TaskContext

AT_0312 = datetime(2026, 2, 21, 3, 12, tzinfo=UTC)
ORDERS, RATES, REVENUE = "load_orders", "load_rates", "fct_revenue_daily"
AS_DRAWN = {
    ORDERS: (),
    "stg_orders": (ORDERS,),
    REVENUE: ("stg_orders",),
    "publish_dashboard": (REVENUE,),
    RATES: (),
    "fct_costs_daily": (RATES,),
}
WITH_EDGE = AS_DRAWN | {REVENUE: ("stg_orders", RATES)}
GRAPHS = {"as drawn": AS_DRAWN, "with the fifth": WITH_EDGE}
USUAL = {ORDERS: 11, RATES: 4, "publish_dashboard": 0}  # minutes; the others take 1
OFFERED = [1, 2, 3, 4, 6, 8, 11]  # minutes that load_orders may take
Graph = dict[str, tuple[str, ...]]


@dataclass
class Night:
    """What a run has shown: when each task started and ended, in minutes, and the revenue."""

    graph: Graph
    start: dict[str, float]
    end: dict[str, float]
    revenue: float

    @property
    def path(self) -> list[str]:
        """The critical path: from the task that ended last, back along what each waited for."""
        path = [max(self.graph, key=self.end.get)]
        while upstream := self.graph[path[0]]:
            path.insert(0, max(upstream, key=self.end.get))
        return path


def work(task: str, minutes: int, tables: dict[str, float]) -> Callable[[TaskContext], Iterator]:
    """Make a task's table, after so many minutes; revenue reads the rates as it starts."""

    def run(_: TaskContext) -> Iterator[str]:
        in_pounds = 500.0 if RATES in tables else 0.0
        for step in range(12 * minutes or 1):
            yield f"step {step}"
        tables[task] = 500.0 + in_pounds if task == REVENUE else 0.0

    return run


def run_night(graph: Graph, minutes: dict[str, int]) -> Night:
    """Run the night, each task as soon as its arrows allow."""
    tables: dict[str, float] = {}
    tasks = (Task(task, work(task, minutes.get(task, 1), tables), up) for task, up in graph.items())
    machine = Orchestrator([DAG("nightly", tuple(tasks))], clock=FakeClock(AT_0312))
    machine.trigger("nightly", AT_0312)
    machine.run_until_idle()
    start, end = (
        {one.task_id: (one.at - AT_0312).total_seconds() / 60 for one in machine.store.events(kind)}
        for kind in ("started", "reported")
    )
    return Night(graph, start, end, tables[REVENUE])


def clock(minute: float) -> str:
    """The wall clock, so many minutes into the run."""
    return f"{AT_0312 + timedelta(minutes=minute):%H:%M}"


def bars(night: Night) -> Iterator[dict]:
    """Draw each task from its start to its end; revenue is marked if it lacks the pounds."""
    for task in night.graph:
        start, end = night.start[task], night.end[task]
        yield {
            "lane": task,
            "start": round(start, 2),
            "end": round(end, 2),
            "state": "marked" if task == REVENUE and night.revenue < 1000 else "done",
            "text": f"{clock(start)}–{clock(end)}" if end - start > 2.5 else clock(start),
        }


def arrows(night: Night) -> Iterator[dict]:
    """Draw each edge from the end of one task to the start of the next."""
    for task, upstream in night.graph.items():
        for before in upstream:
            end, start = round(night.end[before], 2), round(night.start[task], 2)
            yield {"start": [before, end], "end": [task, start]}


def frame(night: Night) -> dict:
    """Say what came of the night."""
    starts, rates = clock(night.start[REVENUE]), clock(night.end[RATES])
    last = max(night.end.values())
    return {
        "step": f"{clock(0)} to {clock(last)}",
        "facts": {"Revenue": f"€{night.revenue:,.2f}", "Run ends": clock(last)},
        "log": [
            f"rates are in at {rates}, {REVENUE} starts at {starts}",
            f"critical path: {' → '.join(night.path)}",
        ],
    }


def run(name: str, minutes: int) -> dict:
    """Run one night and draw it."""
    night = run_night(GRAPHS[name], USUAL | {ORDERS: minutes})
    return {
        "choice": [name, minutes],
        "bars": list(bars(night)),
        "arrows": list(arrows(night)),
        "frames": [frame(night)],
    }


if __name__ == "__main__":
    simulation = {
        "title": "A faster load",
        "choices": [
            {"label": "The arrows", "options": list(GRAPHS)},
            {"label": f"{ORDERS} takes", "options": OFFERED, "unit": "min"},
        ],
        "axis": {
            "label": "the night's clock",
            "start": -4,  # room for the names of the lanes, so that no arrow runs through one
            "end": 14,
            "ticks": [[minute, clock(minute)] for minute in (0, 4, 8, 12)],
            "time": False,
        },
        "lanes": list(AS_DRAWN),
        "runs": [run(name, minutes) for name in GRAPHS for minutes in OFFERED],
    }
    print(json.dumps(simulation, ensure_ascii=False))
