"""Starts all of Airflow in this folder: `python start.py`, and Ctrl-C ends it.

`python start.py --once` ends by itself. Anything else goes to Airflow's own command line, with the
settings of this folder: `python start.py dags list`.
"""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TypeVar
from urllib.request import Request, urlopen

from shop import export

Answer = TypeVar("Answer")

HOME = Path(__file__).resolve().parent
DAYS = [f"2026-01-{day:02}" for day in range(9, 14)]  # those of the five lost nights
AIRFLOW = [sys.executable, "-m", "airflow"]
COMPONENTS = {
    "api-server": [],
    "dag-processor": [],
    "scheduler": ["--skip-serve-logs"],
    "triggerer": ["--skip-serve-logs"],
}


def free_port() -> int:
    """Take 8080, or any other if that is taken."""
    for wanted in (8080, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", wanted))
            return probe.getsockname()[1]
    raise OSError("no free port")


# --8<-- [start:settings]
def settings(port: int) -> dict[str, str]:
    """Say where Airflow lives, how its parts trust each other, and what the Dag looks up."""
    warehouse = {"conn_type": "sqlite", "host": str(HOME / "warehouse.db")}
    return {
        "AIRFLOW_HOME": str(HOME),
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__SECRET_KEY": token_hex(32),
        "AIRFLOW__API_AUTH__JWT_SECRET": token_hex(32),
        "AIRFLOW_CONN_WAREHOUSE": json.dumps(warehouse),
        "AIRFLOW_VAR_EXPORT_FOLDER": str(HOME / "export"),
        "NO_PROXY": "*",  # all of these processes are on this machine
    }


# --8<-- [end:settings]


def prepare() -> None:
    """Make what is there before a pipeline is: the shop's files and the warehouse's tables."""
    for day in DAYS:
        export(day, HOME / "export")
    with closing(sqlite3.connect(HOME / "warehouse.db")) as warehouse:
        warehouse.executescript((HOME / "warehouse.sql").read_text())


def migrate() -> None:
    """Make Airflow's own tables, or bring them up to date."""
    with (HOME / "migrate.log").open("w") as log:
        subprocess.run([*AIRFLOW, "db", "migrate"], check=True, stdout=log, stderr=log)


@contextmanager
def components() -> Iterator[dict[str, subprocess.Popen]]:
    """Run the four processes until the block ends, each with a log of its own."""
    running = {}
    try:
        for name, options in COMPONENTS.items():
            with (HOME / f"{name}.log").open("w") as log:
                command = [*AIRFLOW, name, *options]
                running[name] = subprocess.Popen(command, stdout=log, stderr=log)
            if name == "api-server":  # a task's first step is a call to it
                wait_for(running, lambda: ask("/api/v2/monitor/health"))
        yield running
    finally:
        end([*running.values()])


def end(processes: list[subprocess.Popen]) -> None:
    """Ask all of them to end, and kill what has not after half a minute."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()


def ask(path: str) -> dict:
    """Ask Airflow's REST API, as anybody on this machine may."""
    url = os.environ["AIRFLOW__API__BASE_URL"]
    with urlopen(f"{url}/auth/token", timeout=30) as answer:
        token = json.load(answer)["access_token"]
    request = Request(url + path, headers={"Authorization": f"Bearer {token}"})
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)


def wait_for(running: dict[str, subprocess.Popen], question: Callable[[], Answer]) -> Answer:
    """Ask until the answer is yes; give up when a component has ended."""
    while True:
        for name, process in running.items():
            if process.poll() is not None:
                sys.exit(f"the {name} has ended; see {name}.log")
        with suppress(OSError, LookupError):
            if answer := question():
                return answer
        time.sleep(1)


def nights() -> list[tuple[str, str]] | None:
    """Return the runs and their states, once as many are over as nights were lost."""
    runs = ask("/api/v2/dags/nightly_revenue/dagRuns?order_by=run_after")["dag_runs"]
    over = [run for run in runs if run["state"] in ("success", "failed")]
    states = [(run["logical_date"][:10], run["state"]) for run in runs]
    return states if len(over) >= len(DAYS) else None


def report(states: list[tuple[str, str]]) -> None:
    """Print the runs, and what they left in the warehouse."""
    for night, state in states:
        print(f"run of {night}  {state}")
    with closing(sqlite3.connect(HOME / "warehouse.db")) as warehouse:
        rows = warehouse.execute("select * from fct_revenue_daily order by day").fetchall()
    for day, orders, revenue in rows:
        print(f"{day}  {orders} orders  EUR {revenue:,.2f}")


def main(arguments: list[str]) -> None:
    """Start everything, or hand a command to Airflow."""
    os.environ.update(settings(free_port()))
    if arguments and arguments != ["--once"]:
        sys.exit(subprocess.call([*AIRFLOW, *arguments]))
    print("Starting Airflow; the first time takes a minute or two.", flush=True)
    prepare()
    migrate()
    with suppress(KeyboardInterrupt), components() as running:
        report(wait_for(running, nights))
        if not arguments:
            print(f"Airflow is at {os.environ['AIRFLOW__API__BASE_URL']}; Ctrl-C ends it.")
            wait_for(running, lambda: None)


if __name__ == "__main__":
    main(sys.argv[1:])
