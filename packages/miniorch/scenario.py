"""A scenario is data: DAGs of stock tasks, faults, settings, and what people then do.

    {"dags": [{"id": "revenue", "tasks": [{"id": "load", "fn": "load"}]}],
     "faults": [{"kind": "crash", "task": "load", "at": "written"}],
     "actions": [{"do": "trigger", "dag_id": "revenue", "logical_date": "2026-03-14"},
                 {"do": "run_until_idle"}]}

The keys are those of the classes they make; an unknown one is an error, never ignored.
"""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from .clock import DAILY_DST, HOURLY_DST, Dst, Every, FakeClock, Fold, Gap, Schedule, daily, hourly
from .faults import Fault, FaultKind
from .model import DAG, RetryPolicy, Settings, Task
from .operations import Reprocess
from .orchestrator import Orchestrator
from .rules import TriggerRule
from .sensors import SensorMode, sensor
from .stock import CONDITIONS, TASKS

Data = Mapping[str, Any]
ACTIONS: dict[str, Callable[..., object]] = {
    "trigger": Orchestrator.trigger,
    "clear": Orchestrator.clear,
    "backfill": Orchestrator.backfill,
    "tick": Orchestrator.tick,
    "run_until": Orchestrator.run_until,
    "run_until_idle": Orchestrator.run_until_idle,
    "advance": lambda orchestrator, seconds: orchestrator.clock.advance(seconds),
}


def play(scenario: str | Data) -> Orchestrator:
    """Build a scenario (JSON text, or the same parsed), do its actions, return what is left."""
    data: Data = json.loads(scenario) if isinstance(scenario, str) else scenario
    orchestrator = _build(**{key: value for key, value in data.items() if key != "actions"})
    for action in data["actions"]:
        _act(orchestrator, action)
    return orchestrator


def _build(
    dags: list[Data],
    faults: list[Data] | None = None,
    settings: Data | None = None,
    start: str = "",
) -> Orchestrator:
    return Orchestrator(
        [_dag(dag) for dag in dags],
        [Fault(**_made(fault, kind=FaultKind)) for fault in faults or []],
        Settings(**settings or {}),
        FakeClock(_instant(start)) if start else None,
    )


def _act(orchestrator: Orchestrator, action: Data) -> None:
    """Call the method that the action names."""
    arguments = _made(
        action,
        logical_date=_instant,
        until=_instant,
        dates=lambda dates: [_instant(date) for date in dates],
        reprocess=Reprocess,
    )
    ACTIONS[arguments.pop("do")](orchestrator, **arguments)


def _dag(data: Data) -> DAG:
    tasks = tuple(_task(task) for task in data["tasks"])
    return DAG(**_made({**data, "tasks": tasks}, schedule=_schedule, start=_instant))


def _task(data: Data) -> Task:
    """A task names a stock function as its `fn`, a sensor a stock condition."""
    made = _made(
        data,
        fn=TASKS.__getitem__,
        condition=CONDITIONS.__getitem__,
        mode=SensorMode,
        upstream=tuple,
        retry=_retry,
        trigger_rule=TriggerRule,
    )
    return sensor(**made) if "condition" in made else Task(**made)


def _retry(data: Data) -> RetryPolicy:
    """`retry_on` lists built-in exceptions by name."""
    return RetryPolicy(
        **_made(data, retry_on=lambda names: tuple(getattr(builtins, name) for name in names))
    )


def _schedule(data: Data) -> Schedule:
    """{"daily": "02:30"} or {"hourly": 0}, with `tz` and `dst`, or {"every": 600}."""
    tools = HOURLY_DST if "hourly" in data else DAILY_DST
    match _made(data, anchor=_instant, dst=lambda dst: _dst(dst, tools)):
        case {"daily": at, **rest}:
            hour, minute = at.split(":")
            return daily(int(hour), int(minute), **rest)
        case {"hourly": minute, **rest}:
            return hourly(minute, **rest)
        case {"every": seconds, **rest}:
            return Every(seconds, **rest)
    raise ValueError(f"not a schedule: {data}")


def _dst(data: str | Data, tools: Mapping[str, Dst]) -> Dst:
    """As the named tool does it, or a gap and a fold."""
    return tools[data] if isinstance(data, str) else Dst(**_made(data, gap=Gap, fold=Fold))


def _instant(text: str) -> datetime:
    """A date or a time, in UTC unless it says otherwise."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _made(data: Data, **makers: Callable[[Any], object]) -> dict[str, Any]:
    """The data, with those values made that JSON has no way to write."""
    return {key: makers[key](value) if key in makers else value for key, value in data.items()}
