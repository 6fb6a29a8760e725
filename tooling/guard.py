"""Starts what it is told to on its standard input, and ends all of it when that closes.

It runs in a session of its own. Its standard input closes when whoever started it closes it, or
dies by whatever signal, so that nothing it has started is left behind.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil  # Airflow brings it


class Guard(NamedTuple):
    """A guard at work, and the folder that it deletes at the end."""

    process: subprocess.Popen
    home: Path

    @classmethod
    def over(cls, home: Path) -> Guard:
        """Set a guard over a folder."""
        command = [sys.executable, __file__, str(home)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        return cls(process, home)

    def start(self, command: list[str], env: dict[str, str], log: Path) -> None:
        """Have a process started in the folder."""
        order = {"command": command, "env": env, "log": str(log)}
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """End every process and delete the folder."""
        self.process.stdin.close()
        self.process.wait()


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
            with suppress(ProcessLookupError):  # it was faster
                os.kill(process, signal.SIGKILL)
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


def is_alive(process: int) -> bool:
    """Tell a living process, even one that is stopped, from one that has ended."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


if __name__ == "__main__":
    serve(sys.argv[1])
