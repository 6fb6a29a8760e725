"""Every sequence that the arrows allow, run by miniorch: which of them end in a wrong figure."""

import json
from collections.abc import Callable, Iterator

from miniorch import DAG, INCIDENT, InlineExecutor, Orchestrator, Settings, Task, TaskContext

RATES, REVENUE = "load_rates", "fct_revenue_daily"
LAYERS = [
    ["load_orders", RATES],
    ["stg_orders", "fct_costs_daily"],
    [REVENUE],
    ["publish_dashboard"],
]
ARROWS = [[[0, 0], [1, 0]], [[0, 1], [1, 1]], [[1, 0], [2, 0]], [[2, 0], [3, 0]]]
AS_DRAWN = {
    "load_orders": (),
    RATES: (),
    "stg_orders": ("load_orders",),
    "fct_costs_daily": (RATES,),
    REVENUE: ("stg_orders",),
    "publish_dashboard": (REVENUE,),
}
WITH_EDGE = AS_DRAWN | {REVENUE: ("stg_orders", RATES)}
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


def rows(edge: bool, night: Night) -> list[dict]:
    """Draw the graph in layers, the arrow in question, and the sequence that was run."""
    ran, _ = night
    state = dict.fromkeys(ran, "done")
    if is_early(night):
        state |= {RATES: "marked", REVENUE: "marked"}
    cells = [{"text": f"{n} {task}", "state": state[task]} for n, task in enumerate(ran, 1)]
    fifth = {"text": "kept too" if edge else "missing", "state": "changed" if edge else "idle"}
    return [
        *(
            {"label": label, "cells": [{"text": task, "state": state[task]} for task in layer]}
            for label, layer in zip(("The four arrows", "", "", ""), LAYERS, strict=True)
        ),
        {"label": f"Fifth: {RATES} → {REVENUE}", "cells": [fifth]},
        {"label": "Ran one after the other", "cells": cells[:2]},
        *({"label": "", "cells": cells[n : n + 2]} for n in (2, 4)),
    ]


def frames(graph: Graph) -> Iterator[dict]:
    """Draw a frame for every sequence."""
    nights = [run_night(graph, one) for one in sequences(graph)]
    broken = sum(is_early(night) for night in nights)
    for number, night in enumerate(nights, 1):
        ran, revenue = night
        told = "before its rates: no pounds in the figure" if is_early(night) else "after its rates"
        yield {
            "step": f"sequence {number} of {len(nights)}",
            "rows": rows(RATES in graph[REVENUE], night),
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
        "arrows": ARROWS,
        "runs": [{"choice": [name], "frames": list(frames(graph))} for name, graph in runs.items()],
    }
    print(json.dumps(simulation, indent=1, ensure_ascii=False))
