"""The scenes that the tests play and the tour prints. Scenarios, so data."""

from typing import Any

Scenario = dict[str, Any]
MARCH_14 = "2026-03-14"


def loading(
    *faults: Scenario,
    retries: int = 1,
    settings: Scenario | None = None,
    **params: object,
) -> Scenario:
    """One DAG of one task that loads the day, run once."""
    load = {"id": "load", "fn": "load", "retry": {"retries": retries}, "params": params}
    return {
        "dags": [{"id": "revenue", "tasks": [load]}],
        "faults": list(faults),
        "settings": settings or {},
        "actions": [
            {"do": "trigger", "dag_id": "revenue", "logical_date": MARCH_14},
            {"do": "run_until_idle"},
        ],
    }


def fault(kind: str, at: str = "", **options: object) -> Scenario:
    """A fault that strikes the task `load`."""
    return {"kind": kind, "task": "load", **({"at": at} if at else {}), **options}


TWIN = fault("lose_heartbeat", "read", seconds=600)
SKEW = {"kind": "clock_skew", "node": "w1", "seconds": -60}
LATE = {"kind": "late_rows", "rows": 3, "seconds": 600}

# What goes wrong -> (the scenario, what the warehouse then holds in EUR).
SCENES: dict[str, tuple[Scenario, int]] = {
    "A crash between the write and its acknowledgement": (
        loading(fault("crash", "committed")),
        2000,
    ),
    "A killed worker, half-way through a load without a transaction": (
        loading(fault("kill_worker", "half"), retries=0, transaction=False),
        500,
    ),
    "A lost heartbeat: two attempts live, both write": (loading(TWIN, work=8), 2000),
    "A message delivered twice, to workers that do not ask before they start": (
        loading(fault("duplicate_delivery"), settings={"compare_and_set": False}),
        2000,
    ),
    "A slow attempt: late, and nobody is told": (loading(fault("slow", "read", seconds=60)), 1000),
    "A worker whose clock is a minute behind: alive, and given up": (
        loading(SKEW, settings={"heartbeat_timeout": 30}),
        2000,
    ),
    "Late rows: green, and three orders short": (loading(LATE), 700),
    "Two schedulers without compare-and-set: one task starts twice": (
        loading(settings={"schedulers": 2, "compare_and_set": False}),
        2000,
    ),
}
