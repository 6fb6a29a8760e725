"""Starts Prefect on loopback: its API server, and a worker that runs what is deployed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from testbed.sandbox import environment, find, run
from testbed.supervisor import Supervisor, free_port, supervised, wait_for_interrupt
from testbed.tools import PREFECT as TOOL

PREFECT = (sys.executable, "-m", "prefect")


UI = {  # its page finds the API wherever it was opened, and advertises nothing
    "PREFECT_SERVER_UI_API_URL": "/api",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}


@contextmanager
def server(api: str, *, ui: bool = False) -> Iterator[None]:
    """Serve Prefect's API at a URL such as `http://127.0.0.1:4200/api`, until the block ends.

    ui: serve Prefect's pages too, at the same port.
    """
    address = urlsplit(api)
    where = ("--host", str(address.hostname), "--port", str(address.port))
    pages, settings = ("--ui", UI) if ui else ("--no-ui", {})
    start = (*PREFECT, "server", "start", *where, pages)
    with running(*start, PREFECT_API_URL=api, **settings) as supervisor:
        supervisor.wait_for("Prefect's server", lambda: urlopen(f"{api}/health", timeout=30))
        yield


def process_worker(pool: str, **variables: str) -> AbstractContextManager[Supervisor]:
    """Run what is deployed to a process work pool, each run in a process of its own.

    It looks for work every second, at the API of `PREFECT_API_URL`.
    """
    return running(*PREFECT, "worker", "start", "--pool", pool, "--type", "process", **variables)


@contextmanager
def running(*command: str, **variables: str) -> Iterator[Supervisor]:
    """Run a command of Prefect's until the block ends; variables: its environment's, by name."""
    own = {
        "PREFECT_LOGGING_LEVEL": "INFO",
        "PREFECT_RUNNER_POLL_FREQUENCY": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
    }
    with supervised("prefect-") as supervisor:
        env = environment(supervisor.home / "any_prefect.py", supervisor.home) | own
        env |= {"PREFECT_API_URL": os.environ.get("PREFECT_API_URL", "")} | variables
        supervisor.launch(list(command), env, supervisor.home / "prefect.log")
        yield supervisor


def main(programs: list[Path]) -> None:
    """Keep a server with its UI up for a reader until Ctrl-C, and have the programs run on it."""
    url = f"http://127.0.0.1:{free_port(TOOL.port)}"
    print("Starting Prefect; this takes half a minute.", flush=True)
    with suppress(KeyboardInterrupt), server(f"{url}/api", ui=True):
        print(f"{url}  no password; PREFECT_API_URL={url}/api; Ctrl-C takes it down", flush=True)
        for program in programs:
            print(run(program, PREFECT_API_URL=f"{url}/api").stdout, end="", flush=True)
        wait_for_interrupt()


if __name__ == "__main__":
    main([find(name) for name in sys.argv[1:]])
