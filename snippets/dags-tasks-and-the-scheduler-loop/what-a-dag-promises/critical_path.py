"""The same graph on two nights: which end comes first is arithmetic until it is an arrow."""

from datetime import datetime, timedelta

START = datetime(2026, 3, 14, 3, 12)
RATES, REVENUE = "load_rates", "fct_revenue_daily"
# Each task after those it waits for.
AS_DRAWN = {
    "load_orders": (),
    "load_rates": (),
    "stg_orders": ("load_orders",),
    "fct_revenue_daily": ("stg_orders",),
    "fct_costs_daily": ("load_rates",),
    "publish_dashboard": ("fct_revenue_daily",),
}
WITH_EDGE = AS_DRAWN | {REVENUE: ("stg_orders", RATES)}
USUAL = dict.fromkeys(AS_DRAWN, 1) | {"load_orders": 11, RATES: 4}  # minutes
FASTER = USUAL | {"load_orders": 1}
NIGHTS = {
    "13 March, as drawn": (AS_DRAWN, USUAL),
    "14 March, as drawn": (AS_DRAWN, FASTER),
    "14 March, with the edge": (WITH_EDGE, FASTER),
}

Graph = dict[str, tuple[str, ...]]


def ends(graph: Graph, minutes: dict[str, int]) -> dict[str, int]:
    """When each task ends, if it starts as soon as its arrows allow."""
    end: dict[str, int] = {}
    for task, upstream in graph.items():
        end[task] = max((end[up] for up in upstream), default=0) + minutes[task]
    return end


def critical_path(graph: Graph, minutes: dict[str, int]) -> list[str]:
    """From the task that ends last, back along what each one waited for."""
    end = ends(graph, minutes)
    path = [max(end, key=end.get)]
    while upstream := graph[path[0]]:
        path.insert(0, max(upstream, key=end.get))
    return path


def slack(graph: Graph, minutes: dict[str, int]) -> int:
    """Minutes between the end of the rates and the start of the revenue."""
    end = ends(graph, minutes)
    return end[REVENUE] - minutes[REVENUE] - end[RATES]


def clock(minute: int) -> str:
    """The wall clock, that many minutes into the run."""
    return f"{START + timedelta(minutes=minute):%H:%M}"


if __name__ == "__main__":
    for name, (graph, minutes) in NIGHTS.items():
        end = ends(graph, minutes)
        starts = clock(end[REVENUE] - minutes[REVENUE])
        print(f"{name}, until {clock(max(end.values()))}")
        print(f"  rates in {clock(end[RATES])}, revenue starts {starts}")
        print(f"  {' > '.join(critical_path(graph, minutes))}")
