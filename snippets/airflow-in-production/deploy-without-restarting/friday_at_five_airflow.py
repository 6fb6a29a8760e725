"""The Friday minute by minute: a copy into the Dags folder reaches the run that has begun."""

import json
from itertools import pairwise
from pathlib import Path

from testbed.airflow.bundles import Bundle, released
from testbed.airflow.scheduler import Scheduler

BEFORE = """
from airflow.sdk import dag, task

@task
def load_orders(): ...

@task
def stg_orders(): ...

@task
def fct_revenue_daily(): ...

@dag(schedule=None)
def nightly():
    load_orders() >> stg_orders() >> fct_revenue_daily()

nightly()
"""
AFTER = BEFORE.replace("load_orders", "load_shop_orders")
FOLDER = "airflow.dag_processing.bundles.local.LocalDagBundle"

CLEARED, COPIED = 16 * 60 + 54, 17 * 60  # minutes since midnight
PARSED = COPIED + 20 / 60  # the file is due every 30 s
KILLED = PARSED + 5 / 60  # a worker sends a heartbeat every 5 s
FILES, REST = 11, 2  # of a day, each of which takes a minute; minutes of the tasks after the load
DRAWN = {"success": "done", "removed": "failed"}


def cleared_and_deployed() -> dict[str, str]:
    """Clear Thursday's run, deploy while it loads, and read what becomes of its tasks."""

    def folder(path: Path) -> Bundle:
        return {"classpath": FOLDER, "kwargs": {"path": str(path)}}

    with released(folder, BEFORE) as (airflow, repository):
        scheduler = airflow.scheduler()
        airflow.create_run("nightly", None, "Thursday")
        finish(scheduler)
        airflow.clear("nightly", "Thursday")
        scheduler.tick()
        (load,) = scheduler.executor.running
        scheduler.executor.start_task(load)
        repository.release(AFTER)
        airflow.parse()
        finish(scheduler)
        return dict(airflow.rows("select task_id, state from task_instance"))


def finish(scheduler: Scheduler) -> None:
    """Go on until no worker has anything to do."""
    scheduler.tick()
    while scheduler.executor.running:
        scheduler.executor.run_tasks(lambda key: None)
        scheduler.tick()


def clock(minute: float) -> str:
    """Write minutes since midnight as a time of day."""
    return f"{int(minute) // 60}:{int(minute) % 60:02}"


def picture(states: dict[str, str]) -> dict:
    """Draw who did what when, with the states that the tasks ended in."""
    loaded = KILLED + FILES
    files, processor, scheduler = "Dags folder", "Dag processor", "scheduler"
    old, new, rest = (f"worker: {name}" for name in ("load_orders", "load_shop_orders", "the rest"))
    removed = [name for name in states if states[name] == "removed"]
    spans = [
        (files, CLEARED, COPIED, "idle", "old file"),
        (files, COPIED, loaded + REST, "changed", "new file"),
        (old, CLEARED, KILLED, DRAWN[states["load_orders"]], f"{COPIED - CLEARED} files"),
        (new, KILLED, loaded, DRAWN[states["load_shop_orders"]], f"{FILES} files"),
        (rest, loaded, loaded + REST, DRAWN[states["fct_revenue_daily"]], ""),
    ]
    events = [(processor, "changed", "parsed"), (scheduler, "marked", f"{removed[0]} removed")]
    chain = [(files, COPIED), (processor, PARSED), (scheduler, PARSED), (old, KILLED)]
    minutes = (CLEARED, COPIED, CLEARED + FILES + REST, loaded + REST)
    return {
        "title": "Friday, 11 September, from 16:54",
        "axis": {
            "label": "time of day",
            "start": CLEARED,
            "end": loaded + REST + 1,
            "ticks": [[minute, clock(minute)] for minute in minutes],
        },
        "lanes": [files, processor, scheduler, old, new, rest],
        "runs": [
            {
                "choice": [],
                "bars": [
                    {"lane": lane, "start": start, "end": end, "state": state, "text": text}
                    for lane, start, end, state, text in spans
                ],
                "events": [
                    {"lane": lane, "at": PARSED, "state": state, "text": text}
                    for lane, state, text in events
                ],
                "arrows": [
                    {"start": list(one), "end": list(other)} for one, other in pairwise(chain)
                ],
                "frames": [{"step": "The whole run", "log": said(spans, removed)}],
            }
        ],
    }


def said(spans: list[tuple], removed: list[str]) -> list[str]:
    """Say all that is drawn in words."""
    bars = [
        f"{lane}{f', {text}' if text else ''}: {clock(start)} to {clock(end)}"
        for lane, start, end, _, text in spans
    ]
    read = f"{clock(PARSED)}: the Dag processor parses the new file"
    return [*bars, f"{read}, and the scheduler marks {', '.join(removed)} as removed."]


if __name__ == "__main__":
    print(json.dumps(picture(cleared_and_deployed())))
