"""Stop one process of Airflow after the other, and see what stops with it."""

import os
import re
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.triggers.file import FileTrigger
from airflow.sdk import BaseOperator, Context, dag, get_current_context, task
from airflow.timetables.trigger import DeltaTriggerTimetable
from pendulum import datetime, duration

from testbed.airflow.parts import Parts, parts, seen

COMPONENTS = ("api-server", "scheduler", "workers", "dag-processor", "triggerer")
FAST = {"dag_processor__refresh_interval": 1, "core__parallelism": 12}
POLLS = 3000
Questions = dict[str, Callable[[], object]]


def gate(home: str | Path, run_id: str) -> Path:
    """Name the file for which the tasks of a run wait."""
    return Path(home, "gate-" + re.sub(r"\W", "-", run_id))


def my_gate() -> Path:
    """Name the file for which this task waits."""
    return gate(os.environ["AIRFLOW_HOME"], get_current_context()["run_id"])


@dag(schedule=DeltaTriggerTimetable(duration(seconds=1)), start_date=datetime(2026, 1, 1))
def due() -> None:
    """Be due every second, with nothing to do for a worker."""
    EmptyOperator(task_id="nothing")


@dag(schedule=None)
def button() -> None:
    """Wait for somebody to start it by hand."""
    EmptyOperator(task_id="nothing")


@dag(schedule=None)
def chain() -> None:
    """Work until the gate opens, then let the next task begin."""

    @task
    def work() -> None:
        print("at work")
        opened = my_gate()
        for _ in range(POLLS):
            if opened.exists():
                return
            time.sleep(0.1)
        raise TimeoutError("nobody opened the gate")

    @task
    def following() -> None:
        my_gate().with_suffix(".next").touch()

    work() >> following()


class Wait(BaseOperator):
    """Defers itself until the gate opens."""

    def execute(self, context: Context) -> None:
        """Hand over to the triggerer."""
        opened = my_gate()
        self.defer(trigger=FileTrigger(str(opened), poke_interval=0.1), method_name="resume")

    def resume(self, context: Context, event: object) -> None:
        """Go on after the trigger has fired."""


@dag(schedule=None)
def waiting() -> None:
    """Wait for the gate without a worker."""
    Wait(task_id="wait")


DAGS = [due(), button(), chain(), waiting()]
NEW_FILE = """
from airflow.sdk import DAG
new = DAG("{name}", schedule=None)
"""


Runs = tuple[str, str]  # one that works, and one that waits


# --8<-- [start:questions]
def questions(live: Parts, column: str, runs: Runs, read: str, pool: Executor) -> Questions:
    """Set eight things going; each question says whether one of them has happened."""
    before = {dag_id: count(live, dag_id) for dag_id in ("due", "button")}
    name = f"new_{column.replace('-', '_')}"
    health = pool.submit(live.ask, "/api/v2/monitor/health")
    pool.submit(live.trigger, "button")
    log = pool.submit(live.ask, f"/api/v2/dags/chain/dagRuns/{read}/taskInstances/work/logs/1")
    (live.home / "dags" / f"{name}.py").write_text(NEW_FILE.format(name=name))
    worked, waited = runs
    for run_id in runs:
        gate(live.home, run_id).touch()
    return {
        "the UI and the REST API answer": health.done,
        "a run is created by hand": lambda: count(live, "button") > before["button"],
        "the log of a task is shown": log.done,
        "a run that is due is created": lambda: count(live, "due") > before["due"],
        "the end of a task is recorded": lambda: state(live, worked, "work") == "success",
        "the next task starts": gate(live.home, worked).with_suffix(".next").exists,
        "a waiting task is woken": lambda: state(live, waited, "wait") != "deferred",
        "a new Dag file is read": lambda: live.rows(f"select 1 from dag where dag_id = '{name}'"),
    }


# --8<-- [end:questions]
def count(live: Parts, dag_id: str) -> int:
    """Count the runs of a Dag."""
    return live.rows(f"select count(*) from dag_run where dag_id = '{dag_id}'")[0][0]


def state(live: Parts, run_id: str, task_id: str) -> str:
    """Read the state of a task."""
    query = f"select state from task_instance where run_id = '{run_id}' and task_id = '{task_id}'"
    return live.rows(query)[0][0]


def at_work(live: Parts, times: int) -> list[Runs]:
    """Have so many tasks that work, and as many that wait, and return their runs."""
    runs = [(live.trigger("chain"), live.trigger("waiting")) for _ in range(times)]
    for worked, waited in runs:
        live.wait_for("a running task", lambda one=worked: state(live, one, "work") == "running")
        live.wait_for("a deferred task", lambda one=waited: state(live, one, "wait") == "deferred")
    return runs


def ended(live: Parts, runs: Runs) -> Runs:
    """Let both tasks end, and wait until they have."""
    for dag_id, run_id in zip(("chain", "waiting"), runs, strict=True):
        gate(live.home, run_id).touch()
        over = partial(live.run_state, dag_id, run_id)
        live.wait_for("the end", lambda over=over: over() == "success")
    return runs


# --8<-- [start:stop]
def stop_each(live: Parts) -> dict[str, dict[str, bool]]:
    """Ask once with everything running, to know how long it takes; then with each part stopped."""
    runs = dict(zip(("nothing", *COMPONENTS), at_work(live, 1 + len(COMPONENTS)), strict=True))
    read, _ = ended(live, at_work(live, 1)[0])
    with ThreadPoolExecutor() as pool:
        asked = questions(live, "nothing", runs["nothing"], read, pool)
        answers, took = seen(asked, quiet=60)
        table = {"nothing": answers}
        for part in COMPONENTS:
            with live.stopped(part):
                seen({"what was under way has ended": lambda: False}, quiet=2)
                asked = questions(live, part, runs[part], read, pool)
                table[part], _ = seen(asked, quiet=max(5, 2 * took))
            ended(live, runs[part])
    return table


# --8<-- [end:stop]
if __name__ == "__main__":
    with parts(Path(__file__), **FAST) as live:
        table = stop_each(live)
    print("Stopped        Of eight things, what no longer happened")
    for part, answers in table.items():
        name = {"api-server": "API server", "dag-processor": "Dag processor"}.get(part, part)
        for question in [one for one, yes in answers.items() if not yes] or ["none of them"]:
            print(f"{name:<15}{question}")
            name = ""
