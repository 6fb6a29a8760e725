"""Three turns of the scheduler's loop, part by part, as other processes see them."""

import json
from datetime import UTC, datetime

from airflow.sdk import dag, task

from testbed.airflow.installation import Installation, installation
from testbed.airflow.loop import Part
from testbed.airflow.scheduler import Scheduler

DAYS = [datetime(2026, 6, day, tzinfo=UTC) for day in range(21, 26)]
TURNS = ["1: five runs wait", "2: workers report", "3: workers are busy"]
PARTS = {
    "adopt_or_reset_orphaned_tasks": "Start: look for orphans",
    "_create_dagruns_for_dags": "Create runs",
    "_start_queued_dagruns": "Start queued runs",
    "_schedule_dag_run": "Examine one run",
    "_critical_section_enqueue_task_instances": "Critical section",
    "heartbeat": "Heartbeat of the executor",
    "_process_executor_events": "Read the executor's events",
    "_process_task_event_logs": "Save the executor's log",
    "_enqueue_executor_callbacks": "Deadlines and callbacks",
    "perform_heartbeat": "Heartbeat of the scheduler",
    "run": "Timers that are due",
    "sleep": "Sleep",
}
COLOURS = {"scheduled": "waiting", "queued": "waiting", "running": "running"}
COLOURS |= {"success": "done", "in memory": "marked", "sent": "running"}


@task
def load_orders() -> None:
    """Load the orders of one region."""


@dag(schedule=None, max_active_runs=3, max_active_tasks=4)
def load_regions() -> None:
    """Load ten regions."""
    for number in range(10):
        load_orders.override(task_id=f"region_{number}")()


load_regions()


def turns(airflow: Installation) -> list[list[dict]]:
    """Let the loop turn three times; return a frame for each part of each turn."""
    for day in DAYS:
        airflow.create_run("load_regions", day, f"{day:%d_%B}")
    scheduler, frames = airflow.scheduler(), [[]]

    def watch(part: Part) -> None:
        if part.function == "_create_dagruns_for_dags" and len(frames[-1]) > 1:
            frames.append([])
            workers(scheduler, end=len(frames) == 2)
        frames[-1].append(frame(airflow, scheduler, part))
        airflow.later(seconds=0.6)  # a heartbeat is due in each turn

    scheduler.loop(watch, times=len(TURNS))
    return frames


def workers(scheduler: Scheduler, *, end: bool) -> None:
    """Begin the tasks that were sent, and end them before the second turn."""
    for key in scheduler.executor.running:
        scheduler.executor.start_task(key)
    if end:
        scheduler.executor.run_tasks(lambda key: None)


def frame(airflow: Installation, scheduler: Scheduler, part: Part) -> dict:
    """Show what is committed when a part of the loop has ended."""
    runs, executor = airflow.states("dag_run"), scheduler.executor
    rows = [row("Runs", runs, "queued", "running")]
    for day in DAYS:
        tasks = airflow.states("task_instance", f"run_id = '{day:%d_%B}'")
        states = ("scheduled", "queued", "running", "success")
        rows.append(row(f"Tasks of {day:%d %B}", tasks, *states))
    held = {"in memory": len(executor.queued_tasks), "sent": len(executor.running)}
    rows.append(row("Tasks that the executor has", held, *held))
    facts = {"Called in line": str(part.line), "Commits": str(part.commits)}
    facts["Events unread"] = str(len(executor.event_buffer))
    log = [f"{part.function} has ended", *filter(None, map(spoken, rows))]
    return {"step": PARTS[part.function], "rows": rows, "facts": facts, "log": log}


def row(label: str, counts: dict[str, int], *states: str) -> dict:
    """Draw how many are in each state, and nothing where there are none."""
    cells = []
    for state in states:
        if count := counts.get(state):
            text = f"{count} {state.replace('scheduled', 'sched.')}"
            cells.append({"text": text, "state": COLOURS[state]})
        else:
            cells.append({"text": "", "state": "idle"})
    return {"label": label, "cells": cells}


def spoken(row: dict) -> str:
    """Say what a row shows; an empty one says nothing."""
    texts = [cell["text"] for cell in row["cells"] if cell["text"]]
    return f"{row['label']}: {', '.join(texts)}" if texts else ""


if __name__ == "__main__":
    with installation() as airflow:
        frames = turns(airflow)
    pairs = zip(TURNS, frames, strict=True)
    simulation = {
        "title": "Airflow Tick",
        "steps": "Through the loop",
        "choices": [{"label": "Turn of the loop", "options": TURNS}],
        "runs": [{"choice": [turn], "frames": seen} for turn, seen in pairs],
    }
    print(json.dumps(simulation, indent=1))
