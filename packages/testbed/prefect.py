"""Starts Prefect on loopback: its API server, and a worker that runs what is deployed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlsplit
from urllib.request import urlopen

from testbed.sandbox import environment
from testbed.supervisor import Supervisor, supervised

PREFECT = (sys.executable, "-m", "prefect")


@contextmanager
def server(api: str) -> Iterator[None]:
    """Serve Prefect's API at a URL such as `http://127.0.0.1:4200/api`, until the block ends."""
    address = urlsplit(api)
    where = ("--host", str(address.hostname), "--port", str(address.port))
    with running(*PREFECT, "server", "start", *where, "--no-ui") as supervisor:
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
        "PREFECT_API_URL": os.environ["PREFECT_API_URL"],
        "PREFECT_LOGGING_LEVEL": "INFO",
        "PREFECT_RUNNER_POLL_FREQUENCY": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
    }
    with supervised("prefect-") as supervisor:
        env = environment(supervisor.home / "any_prefect.py", supervisor.home) | own | variables
        supervisor.launch(list(command), env, supervisor.home / "prefect.log")
        yield supervisor
