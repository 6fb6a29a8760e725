"""Prefect on loopback: a server for all tests, and a process worker for what needs one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlsplit
from urllib.request import urlopen

from tooling.guard import Guard
from tooling.sandbox import environment


@contextmanager
def server(api: str) -> Iterator[None]:
    """Serve Prefect's API at this URL until the block ends."""
    with guarded() as guard:
        address = urlsplit(api)
        where = ("--host", address.hostname, "--port", str(address.port))
        start(guard, "server", "start", *where, "--no-ui")
        guard.wait_for("Prefect's server", lambda: urlopen(f"{api}/health", timeout=30))
        yield


@contextmanager
def process_worker(pool: str) -> Iterator[Guard]:
    """Run what is deployed to a process work pool, each run in a process of its own."""
    with guarded() as guard:
        start(guard, "worker", "start", "--pool", pool, "--type", "process")
        yield guard


@contextmanager
def guarded() -> Iterator[Guard]:
    """Have what runs in the block ended with it, or with this process."""
    guard = Guard.over(Path(mkdtemp(prefix="prefect-")))
    try:
        yield guard
    finally:
        guard.end()


def start(guard: Guard, *words: str) -> None:
    """Start a command of Prefect's in a home of its own; its log is <word>.log."""
    own = {
        "PREFECT_API_URL": os.environ["PREFECT_API_URL"],
        "PREFECT_LOGGING_LEVEL": "INFO",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "TMPDIR": str(guard.home),  # where a worker lays out each attempt
    }
    env = environment(guard.home / "any_prefect.py", guard.home) | own
    guard.start([sys.executable, "-m", "prefect", *words], env, guard.home / f"{words[0]}.log")
