"""What three deployments do to a run in flight, frame by frame, for either bundle."""

import json
from pathlib import Path

from airflow.models.taskinstancekey import TaskInstanceKey

from testbed.airflow.bundles import code_of, released
from testbed.airflow.installation import Installation
from testbed.repository import FILE, Repository

V1 = """
from airflow.sdk import dag, task

@task
def load_orders(run):
    run.setdefault("orders", []).extend([100] * 10)  # before tax

@task
def fct_revenue_daily(run):
    run["revenue"] = sum(run["orders"])

@dag(schedule=None)
def nightly():
    load_orders({}) >> fct_revenue_daily({})

nightly()
"""
TOTAL = 'sum(run["orders"])'
DEPLOYED = {
    "new code": V1.replace("[100]", "[119]").replace(TOTAL, f"{TOTAL} / 1.19"),  # with tax
    "a rename": V1.replace("load_orders(", "load_shop_orders("),
    "a bad file": V1.replace("airflow.sdk", "airflow.sdl"),
}
LOCAL = "airflow.dag_processing.bundles.local.LocalDagBundle"
GIT = "airflow.providers.git.bundles.git.GitDagBundle"
BUNDLES = {
    "folder": lambda path: {"classpath": LOCAL, "kwargs": {"path": str(path)}},
    "Git": lambda path: {
        "classpath": GIT,
        "kwargs": {"repo_url": str(path), "tracking_ref": "main"},
    },
}
STATES = {"queued": "waiting", "success": "done", "removed": "marked"}
NIGHTS = ("Thursday", "Friday")
DRAWN = {"load": ("load_orders", "load_shop_orders"), "sum": ("fct_revenue_daily",)}


class Timeline:
    """One Airflow on one bundle, and the frames of what happens to two runs."""

    def __init__(self, airflow: Installation, repository: Repository) -> None:
        """Start with no frame."""
        self.airflow, self.repository, self.frames = airflow, repository, []
        self.scheduler = airflow.scheduler()
        self.tables: dict[str, dict] = {night: {} for night in NIGHTS}
        self.ran: dict[tuple[str, str], str] = {}

    def record(self, source: str) -> list[dict]:
        """Deploy while Thursday's run is between its two tasks."""
        self.airflow.create_run("nightly", None, "Thursday")
        self.scheduler.tick()
        self.scheduler.executor.run_tasks(self.work)
        self.shoot("Thursday's load is done")
        self.repository.release(source)
        self.shoot("deployed")
        self.airflow.parse()
        self.shoot("parsed")
        self.scheduler.tick()
        self.shoot("the scheduler ticks")
        self.go_on("Thursday goes on")
        self.airflow.create_run("nightly", None, "Friday")
        self.scheduler.tick()
        self.go_on("the next run")
        return self.frames

    def go_on(self, step: str) -> None:
        """Let the workers work and the scheduler tick until nothing moves."""
        while self.scheduler.executor.running:
            self.scheduler.executor.run_tasks(self.work)
            self.scheduler.tick()
        self.shoot(step)

    def work(self, key: TaskInstanceKey) -> None:
        """Run a task as its worker does, and note in which version."""
        code = code_of(self.scheduler, key)
        code(self.tables[key.run_id])
        self.ran[key.run_id, key.task_id] = version(code.__code__.co_filename)

    def shoot(self, step: str) -> None:
        """Add a frame, read from the file and from Airflow's tables."""
        ((out, number, at, pin),) = self.airflow.rows(LOOK)
        file = f"{FILE} {version(self.repository.folder / FILE)}"
        parsed = f"Dag version {number}{self.commit(at)}"
        moved = parsed.endswith("2")
        if out:
            parsed = "import error, Dag set aside"
        revenue = self.tables["Thursday"].get("revenue")
        rows = {
            "Folder, or branch main": [cell(file, "changed" if file.endswith("2") else "done")],
            "Dag processor": [cell(parsed, "failed" if out else "changed" if moved else "done")],
            **{
                f"{night}'s {part}": self.tasks(night, *names)
                for night in NIGHTS
                for part, names in DRAWN.items()
            },
        }
        frame = {
            "step": step,
            "rows": [{"label": label, "cells": cells} for label, cells in rows.items()],
            "facts": {
                "Thursday's revenue": f"€{revenue:,.2f}" if revenue else "none yet",
                "Thursday is held to": self.commit(pin).strip(", ") or "nothing",
            },
            "log": [file, parsed, *self.said("Thursday"), *self.said("Friday")],
        }
        self.frames.append(frame)

    def tasks(self, night: str, *names: str) -> list[dict]:
        """Draw tasks of a run: name, version of the code it ran in, state."""
        states = dict(self.airflow.rows(TASKS, night=night))
        drawn = []
        for task in names:
            ran = self.ran.get((night, task), "")
            shown = f"{task} {ran}".strip() if task in states else ""
            drawn.append(cell(shown, STATES.get(states.get(task), "idle")))
        return drawn

    def said(self, night: str) -> list[str]:
        """Say the states of a run's tasks in words."""
        states = sorted(self.airflow.rows(TASKS, night=night))
        return [f"{night}: {task} {state}" for task, state in states]

    def commit(self, sha: str | None) -> str:
        """Name a commit by its number; a folder has none."""
        return f", commit {self.repository.number(sha)}" if sha else ""


LOOK = """select is_stale, version_number, v.bundle_version, r.bundle_version
          from dag join dag_version v using (dag_id) join dag_run r using (dag_id)
          where run_id = 'Thursday' order by version_number desc limit 1"""
TASKS = """select task_id, coalesce(state, 'none') from task_instance
           where run_id = :night"""


def version(file: str | Path) -> str:
    """Tell the version of a file by what is in it."""
    return "v1" if Path(file).read_text() == V1 else "v2"


def cell(text: str, state: str) -> dict:
    """Draw one cell."""
    return {"text": text, "state": state}


def runs() -> list[dict]:
    """Run every combination of bundle and deployment."""
    found = []
    for bundle, config in BUNDLES.items():
        for deployed, source in DEPLOYED.items():
            with released(config, V1) as (airflow, repository):
                frames = Timeline(airflow, repository).record(source)
            found.append({"choice": [bundle, deployed], "frames": frames})
    return found


def simulation() -> dict:
    """Put the recording into the form that the page draws."""
    choices = [
        {"label": "Where the Dags come from", "options": list(BUNDLES)},
        {"label": "What is deployed", "options": list(DEPLOYED)},
    ]
    return {
        "title": "Deploy Timeline",
        "steps": "From the deployment on",
        "choices": choices,
        "runs": runs(),
    }


if __name__ == "__main__":
    print(json.dumps(simulation(), indent=1))
