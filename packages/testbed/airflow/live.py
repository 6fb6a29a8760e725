"""All of Airflow, live on loopback: API server, scheduler, Dag processor, triggerer, PostgreSQL."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.request import Request, urlopen

from testbed.postgres import migrated
from testbed.sandbox import SNIPPETS, STACK, environment, find, is_live
from testbed.supervisor import (
    Answer,
    Supervisor,
    free_port,
    supervised,
    wait_for,
    wait_for_interrupt,
)
from testbed.tools import AIRFLOW

SMALL = {  # what a laptop and a test want of the defaults
    "api__workers": 1,
    "core__dags_are_paused_at_creation": False,
    "core__executor": "LocalExecutor",
    "core__parallelism": 6,
    "core__simple_auth_manager_all_admins": True,
    "dag_processor__bundle_refresh_check_interval": 1,
    "dag_processor__parsing_processes": 1,
    "logging__logging_level": "INFO",
    "scheduler__scheduler_idle_sleep_time": 0.2,
    "scheduler__task_instance_heartbeat_sec": 1,
    "scheduler__task_instance_heartbeat_timeout": 15,  # five minutes, as it comes
    "scheduler__task_instance_heartbeat_timeout_detection_interval": 1,
    "workers__execution_api_timeout": 60,  # 5 s fail attempts on a busy machine before they begin
    "workers__min_heartbeat_interval": 1,
}


class Stack:
    """A running Airflow, reached over its REST API.

    url: its address on loopback. home: the folder of its logs, one for each component. wait_for:
    ask again until the answer is yes, as `Supervisor.wait_for` does.
    """

    def __init__(self, home: Path, url: str) -> None:
        """Know it by the folder of its supervisor and by the address of its API server."""
        self.home, self.url = home, url

    def wait_for(self, what: str, question: Callable[[], Answer]) -> Answer:
        """Ask until the answer is yes, and return it; see `testbed.supervisor.wait_for`."""
        return wait_for(what, question, self.home)

    def is_healthy(self, part: str) -> bool:
        """Tell whether `scheduler`, `dag_processor` or `triggerer` has sent a heartbeat of late."""
        return self.ask("/api/v2/monitor/health")[part]["status"] == "healthy"

    def trigger(self, dag_id: str) -> str:
        """Start a run of a Dag, as soon as it is there, and return the run's id."""
        path = f"/api/v2/dags/{dag_id}"
        self.wait_for(f"the Dag {dag_id}", lambda: self.ask(path))
        return self.ask(f"{path}/dagRuns", {"logical_date": None})["dag_run_id"]

    def run_state(self, dag_id: str, run_id: str) -> str:
        """Read the state of a run."""
        return self.ask(f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")["state"]

    def tries(self, dag_id: str, run_id: str, task_id: str) -> list[tuple[int, str]]:
        """Read number, from 1, and state of every attempt at a task."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/tries"
        found = self.ask(path)["task_instances"]
        return sorted((attempt["try_number"], attempt["state"]) for attempt in found)

    def answers(self, path: str) -> list[int]:
        """List the status codes with which the API server has answered a path so far."""
        log = (self.home / "api-server.log").read_text(errors="replace")
        return [int(code) for code in re.findall(rf"path={path} .*status_code=(\d+)", log)]

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """Ask the REST API, as an administrator; with a body it is a POST, without one a GET.

        HTTPError: any answer but one of success.
        """
        if not path.startswith(("/auth/", "/api/v2/monitor/")):
            token = self.ask("/auth/token")["access_token"]
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        else:
            headers = {}
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.url + path, data, headers), timeout=30) as answer:
            return json.load(answer)


class Components:
    """The processes of a stack, all with the same options."""

    def __init__(
        self,
        supervisor: Supervisor,
        database: str,
        programs: list[Path],
        options: Mapping[str, object],
        port: int = 0,
    ) -> None:
        """Lay out its home and settle its options; nothing runs yet."""
        self.supervisor, self.home = supervisor, supervisor.home
        self.port = free_port(port)
        self.started: list[str] = []  # in this order
        dags = self.home / "dags"
        dags.mkdir()
        for program in programs:
            shutil.copy(program, dags)
        sandbox = environment(self.home / "stack_airflow.py", self.home)
        self.env = sandbox | options_of(self.port, database, dags, options)

    def start(self, component: str, *arguments: str) -> None:
        """Start one component; its log is <component>.log."""
        command = [sys.executable, "-m", "airflow", component, *arguments]
        self.supervisor.launch(command, self.env, self.home / f"{component}.log")
        self.started.append(component)

    def start_all(self) -> Stack:
        """Start all components: the API server first, since a task's start needs its answer."""
        live = Stack(self.home, f"http://127.0.0.1:{self.port}")
        self.start("api-server")
        self.start("dag-processor")
        live.wait_for("the API server", lambda: live.ask("/api/v2/monitor/health"))
        self.start("scheduler", "--skip-serve-logs")
        self.start("triggerer", "--skip-serve-logs")
        for part in ("scheduler", "dag_processor", "triggerer"):
            live.wait_for(f"a healthy {part}", partial(live.is_healthy, part))
        return live


def options_of(
    port: int, database: str, dags: Path, others: Mapping[str, object]
) -> dict[str, str]:
    """Write the options of one stack as environment variables."""
    url = f"http://127.0.0.1:{port}"
    options = SMALL | {
        "api__host": "127.0.0.1",
        "api__port": port,
        "api__base_url": url,
        "api__secret_key": token_hex(32),
        "api_auth__jwt_secret": token_hex(32),
        "core__dags_folder": dags,
        "core__execution_api_server_url": f"{url}/execution/",
        "database__sql_alchemy_conn": database,
        **others,
    }
    return {f"AIRFLOW__{name.upper()}": str(value) for name, value in options.items()}


@contextmanager
def stack(*programs: Path, port: int = 0) -> Iterator[Stack]:
    """Run all of Airflow with the Dags of these programs until the block ends.

    It takes about a minute to come up. A task's heartbeat is due every second and counts as missed
    after 15, where Airflow's own default is 300. Where tests run one already, with the Dags of all
    programs, it is that one. port: that of its API server and its UI, if it is free.
    """
    if running := os.environ.get(STACK):
        home, url = running.split()
        yield Stack(Path(home), url)
        return
    with migrated() as server, supervised("stack-") as supervisor:
        database = server.url("airflow")
        yield Components(supervisor, database, list(programs), {}, port).start_all()


def live_programs() -> list[Path]:
    """List the programs that need all of this."""
    return [path for path in sorted(SNIPPETS.glob("*/*/*_airflow.py")) if is_live(path)]


def main(programs: list[Path]) -> None:
    """Keep a stack up for a reader until Ctrl-C."""
    print("Starting Airflow; this takes about a minute.", flush=True)
    with suppress(KeyboardInterrupt), stack(*programs, port=AIRFLOW.port) as live:
        print(f"{live.url}  no password; logs in {live.home}; Ctrl-C takes it down", flush=True)
        wait_for_interrupt()


if __name__ == "__main__":
    main([find(name) for name in sys.argv[1:]] or live_programs())
