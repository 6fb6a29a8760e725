"""Starts what it is told to on its standard input, and ends all of it when that closes.

It runs in a session of its own. Its standard input closes when whoever started it closes it, or
dies by whatever signal, so that nothing it has started is left behind.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

import psutil

LIMIT = 180  # seconds before a state counts as one that will not come
TAIL = 30  # lines of each log that a failure shows
Answer = TypeVar("Answer")


class TimeoutError(Exception):
    """A state that was waited for did not come."""


class Supervisor(NamedTuple):
    """A supervisor at work, and the folder that it deletes at the end."""

    process: subprocess.Popen[bytes]
    home: Path

    @classmethod
    def over(cls, home: Path) -> Supervisor:
        """Set a supervisor over a folder."""
        command = [sys.executable, __file__, str(home)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        return cls(process, home)

    def start(self, command: list[str], env: dict[str, str], log: Path) -> None:
        """Have a process started in the folder."""
        inside = env | {"TMPDIR": str(self.home)}  # what it leaves there goes with the folder
        order = {"command": command, "env": inside, "log": str(log)}
        assert self.process.stdin  # it was started with a pipe
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()

    def wait_for(self, what: str, question: Callable[[], Answer]) -> Answer:
        """Ask until the answer is yes, and return it; what is not there yet is a no."""
        patience = time.monotonic() + LIMIT
        while time.monotonic() < patience:
            try:
                if answer := question():
                    return answer
            except (OSError, LookupError):  # URLError is an OSError
                pass
            time.sleep(0.2)
        raise TimeoutError(f"waited {LIMIT} s for {what}\n{self.logs()}")

    def logs(self) -> str:
        """Return the end of every process's log."""
        ends = []
        for log in sorted(self.home.glob("*.log")):
            lines = log.read_text(errors="replace").splitlines()[-TAIL:]
            ends.append("\n".join([f"--- {log.name}", *lines]))
        return "\n".join(ends)

    def end(self) -> None:
        """End every process and delete the folder."""
        self.process.communicate()  # closes its standard input and waits for its end


def free_port() -> int:
    """Ask the system for a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def serve(home: str) -> None:
    """Start one process for each line, until there are no more."""
    for line in sys.stdin:
        order = json.loads(line)
        with open(order["log"], "ab") as log:
            subprocess.Popen(
                order["command"],
                env=order["env"],
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
    while others := rest_of_session():
        for process in others:
            with suppress(ProcessLookupError, psutil.NoSuchProcess):  # it was faster
                if not tidies_up(process):
                    os.kill(process, signal.SIGKILL)
        time.sleep(0.02)
    shutil.rmtree(home)


def rest_of_session() -> list[int]:
    """List the living processes of this session, whatever their group and their parent."""
    others = []
    for process in psutil.pids():
        with suppress(ProcessLookupError, PermissionError):
            ours = os.getsid(process) == os.getsid(0) and process != os.getpid()
            if ours and is_alive(process):
                others.append(process)
    return others


def tidies_up(process: int) -> bool:
    """Tell what deletes the semaphores of the Python that started it, and then ends by itself."""
    return "resource_tracker" in " ".join(psutil.Process(process).cmdline())


def is_alive(process: int) -> bool:
    """Tell a living process, even one that is stopped, from one that has ended."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


if __name__ == "__main__":
    serve(sys.argv[1])
