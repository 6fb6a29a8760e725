"""The server under the proofs: found or packaged, and gone with whoever started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tooling import postgres
from tooling.sandbox import ROOT

STARTER = """
import time
from tooling import postgres
with postgres.running() as server:
    print(server.home, flush=True)
    time.sleep(600)
"""


def test_packaged_server_starts_where_none_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "INSTALLED", "nowhere")
    monkeypatch.setattr(postgres.shutil, "which", lambda name: None)
    assert postgres.PACKAGED in postgres.binaries().parts
    accounts = Path("/etc/passwd").read_bytes()
    with postgres.running() as server:
        server.execute("create database one")
        server.execute("create database two template one")
    assert not server.home.exists()
    assert Path("/etc/passwd").read_bytes() == accounts


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_server_ends_with_whoever_started_it(ending: signal.Signals) -> None:
    command = [sys.executable, "-c", STARTER]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as starter:
        home = Path(starter.stdout.readline().strip())
        server = int((home / "data" / "postmaster.pid").read_text().split()[0])
        starter.send_signal(ending)
    assert is_gone(server, home)


def is_gone(process: int, folder: Path) -> bool:
    """Wait for the end of a process and of a folder, but not for ever."""
    for _ in range(600):
        if not folder.exists() and not is_alive(process):
            return True
        time.sleep(0.1)
    return False


def is_alive(process: int) -> bool:
    """Ask the system about a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
