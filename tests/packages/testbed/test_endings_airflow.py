"""What a proof starts ends with the proof, however that ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest

from testbed import postgres
from testbed.sandbox import PACKAGES
from testbed.supervisor import is_alive

HEEDS_CTRL_C = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
"""
OF_A_SERVER = """
import time
from testbed import postgres
with postgres.running() as server:
    print(server.home, flush=True)
    time.sleep(600)
"""
OF_A_SUPERVISOR = """
import os, sys, time
from pathlib import Path
from tempfile import mkdtemp
from testbed.supervisor import Supervisor
supervisor = Supervisor.over(Path(mkdtemp()))
supervisor.start([sys.executable, "-c", sys.argv[1]], dict(os.environ), supervisor.home / "log")
print(supervisor.home, flush=True)
time.sleep(600)
"""
# As hard to end as what Airflow starts: another group, its parent gone, and stopped. As a pool of
# processes does, it holds a semaphore, which a process beside it deletes.
CHILDREN = """
import json, multiprocessing, os, signal, time
from pathlib import Path
from tempfile import mkdtemp
lock = multiprocessing.get_context("spawn").Lock()
if not (child := os.fork()):
    os.setpgid(0, 0)
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(600)
semaphore = Path("/dev/shm", f"sem.{lock._semlock.name[1:]}")  # where Linux shows it
made = [mkdtemp(), *([str(semaphore)] if semaphore.parent.is_dir() else [])]
Path("pids.new").write_text(json.dumps([[os.getpid(), child], made]))
Path("pids.new").rename("pids")
time.sleep(600)
"""


def test_packaged_server_starts_where_none_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "INSTALLED", "nowhere")
    monkeypatch.setattr(postgres.shutil, "which", lambda name: None)
    monkeypatch.setattr(postgres, "MEMORY", Path("nowhere"))
    assert postgres.PACKAGED in postgres.binaries().parts
    accounts = Path("/etc/passwd").read_bytes()
    with postgres.running() as server:
        server.execute("create database one")
        server.execute("create database two template one")
    assert not server.home.exists()
    assert Path("/etc/passwd").read_bytes() == accounts


def test_a_small_memory_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ROOM", 2**60)
    assert postgres.folder() is None


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_server_ends_with_whoever_started_it(ending: signal.Signals) -> None:
    command = [sys.executable, "-c", HEEDS_CTRL_C + OF_A_SERVER]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, cwd=PACKAGES, **pipes) as starter:
        home = Path(starter.stdout.readline().strip())
        server = int((home / "data" / "postmaster.pid").read_text().split()[0])
        starter.send_signal(ending)
    assert comes_true(lambda: not home.exists() and not is_alive(server))


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_supervisor_ends_everything(ending: signal.Signals) -> None:
    command = [sys.executable, "-c", HEEDS_CTRL_C + OF_A_SUPERVISOR, CHILDREN]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, cwd=PACKAGES, **pipes) as starter:
        home = Path(starter.stdout.readline().strip())
        assert comes_true((home / "pids").exists)
        pids, made = json.loads((home / "pids").read_text())
        assert all(map(is_alive, pids)) and all(map(os.path.exists, made))
        starter.send_signal(ending)
    assert comes_true(lambda: not home.exists() and not any(map(is_alive, pids)))
    assert not any(map(os.path.exists, made))


def comes_true(question: Callable[[], bool]) -> bool:
    """Ask again and again, but not for ever."""
    for _ in range(600):
        if question():
            return True
        time.sleep(0.1)
    return False


def test_a_server_that_is_not_wanted_any_more_does_not_start() -> None:
    """It is told to stop before it listens to signals."""
    home = Path(mkdtemp(prefix="pg-"))
    supervisor = postgres.start(home, None)
    supervisor.stdin.close()
    supervisor.wait(timeout=60)
    assert not home.exists()
