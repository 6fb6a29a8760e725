"""Every sequence that the arrows allow, run by miniorch: which of them end in a wrong figure."""

import json
from collections.abc import Callable, Iterator

from miniorch import DAG, INCIDENT, InlineExecutor, Orchestrator, Settings, Task, TaskContext

RATES, REVENUE = "load_rates", "fct_revenue_daily"
AS_DRAWN = {
    "load_orders": (),
    RATES: (),
    "stg_orders": ("load_orders",),
    "fct_costs_daily": (RATES,),
    REVENUE: ("stg_orders",),
    "publish_dashboard": (REVENUE,),
}
WITH_EDGE = AS_DRAWN | {REVENUE: ("stg_orders", RATES)}
FIFTH = [RATES, REVENUE]
EDGES = [[up, task] for task, upstream in WITH_EDGE.items() for up in upstream]
Graph = dict[str, tuple[str, ...]]
Night = tuple[list[str], float]


def sequences(graph: Graph, done: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Walk over every sequence that keeps all arrows."""
    if len(done) == len(graph):
        yield done
    for task, upstream in graph.items():
        if task not in done and set(upstream) <= set(done):
            yield from sequences(graph, (*done, task))


def work(task: str, tables: dict[str, float]) -> Callable[[TaskContext], Iterator[str]]:
    """Make a task's table; revenue is five orders in euros, and five in pounds."""

    def run(_: TaskContext) -> Iterator[str]:
        yield "reading"
        in_pounds = 500.0 if RATES in tables else 0.0
        tables[task] = 500.0 + in_pounds if task == REVENUE else 0.0

    return run


def run_night(graph: Graph, wish: tuple[str, ...]) -> Night:
    """Run one task at a time, by priority; return what ran when, and the revenue."""
    tables: dict[str, float] = {}
    tasks = (
        Task(task, work(task, tables), upstream, priority=-wish.index(task))
        for task, upstream in graph.items()
    )
    one_by_one = Settings(parallelism=1)
    machine = Orchestrator([DAG("night", tuple(tasks))], (), one_by_one, executor=InlineExecutor)
    machine.trigger("night", INCIDENT)
    machine.run_until_idle()
    return [event.task_id for event in machine.store.events("started")], tables[REVENUE]


def is_early(night: Night) -> bool:
    """Whether revenue ran before the rates were in."""
    ran, _ = night
    return ran.index(REVENUE) < ran.index(RATES)


def states(night: Night) -> dict[str, str]:
    """Say how each task ended; the two that the missing arrow would have kept apart are marked."""
    early = {RATES, REVENUE} if is_early(night) else set()
    return {task: "marked" if task in early else "done" for task in AS_DRAWN}


def rows(night: Night) -> list[dict]:
    """Draw the sequence that was run."""
    ran, _ = night
    state = states(night)
    cells = [{"text": f"{n} {task}", "state": state[task]} for n, task in enumerate(ran, 1)]
    labels = ("Ran one after the other", "", "")
    return [{"label": label, "cells": cells[2 * n : 2 * n + 2]} for n, label in enumerate(labels)]


def frames(graph: Graph) -> Iterator[dict]:
    """Draw a frame for every sequence."""
    nights = [run_night(graph, one) for one in sequences(graph)]
    broken = sum(is_early(night) for night in nights)
    for number, night in enumerate(nights, 1):
        ran, revenue = night
        told = "before its rates: no pounds in the figure" if is_early(night) else "after its rates"
        yield {
            "step": f"sequence {number} of {len(nights)}",
            "rows": rows(night),
            "nodes": states(night),
            "absent": [] if RATES in graph[REVENUE] else [FIFTH],
            "facts": {
                "Revenue": f"€{revenue:,.2f}",
                "Wrong sequences": f"{broken} of {len(nights)}",
            },
            "log": [", ".join(ran), f"{REVENUE} ran {told}, €{revenue:,.2f}"],
        }


if __name__ == "__main__":
    runs = {"no": AS_DRAWN, "yes": WITH_EDGE}
    simulation = {
        "title": "Topo Shuffle",
        "steps": "Sequence",
        "choices": [{"label": "Is the fifth arrow there?", "options": list(runs)}],
        "graph": {"label": "The arrows", "nodes": list(AS_DRAWN), "edges": EDGES},
        "runs": [{"choice": [name], "frames": list(frames(graph))} for name, graph in runs.items()],
    }
    print(json.dumps(simulation, indent=1, ensure_ascii=False))
