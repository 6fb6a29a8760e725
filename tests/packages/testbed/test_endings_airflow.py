"""What a proof starts ends with the proof, however that ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from testbed import postgres
from testbed.sandbox import PACKAGES
from testbed.supervisor import is_alive, supervised

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
from testbed.supervisor import supervised
with supervised("test-") as supervisor:
    log = supervisor.home / "test.log"
    supervisor.launch([sys.executable, "-c", sys.argv[1]], dict(os.environ), log)
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
        shared = shared_memory_of(server)
        assert is_alive(server) and shared <= shared_memory()
        starter.send_signal(ending)
    assert comes_true(lambda: not home.exists() and not is_alive(server))
    assert not shared & shared_memory()


def shared_memory_of(process: int) -> set[str]:
    """Name what a process has mapped and others could too, where Linux shows it."""
    maps = Path(f"/proc/{process}/maps")
    lines = maps.read_text().splitlines() if maps.exists() else []
    named = {line.split()[-1] for line in lines if "/dev/shm/" in line}
    numbered = {f"segment {line.split()[4]}" for line in lines if "/SYSV" in line}
    assert (named and numbered) or not lines, "it has none, so this proves nothing"
    return named | numbered


def shared_memory() -> set[str]:
    """Name all the memory that processes could share."""
    table = Path("/proc/sysvipc/shm")
    rows = table.read_text().splitlines()[1:] if table.exists() else []
    return {f"segment {row.split()[1]}" for row in rows} | set(map(str, postgres.MEMORY.glob("*")))


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


@pytest.mark.parametrize("order", [b'{"command": ["sl', b"{}\n"], ids=["cut", "wrong"])
def test_nothing_is_left_where_an_order_cannot_be_read(order: bytes, tmp_path: Path) -> None:
    with supervised("test-") as supervisor:
        shell = ["sh", "-c", "echo $$ > new; mv new pid; sleep 600"]
        supervisor.launch(shell, dict(os.environ), tmp_path / "log")
        assert comes_true((supervisor.home / "pid").exists)
        process = int((supervisor.home / "pid").read_text())
        supervisor.orders.write(order)
    assert not supervisor.home.exists() and not is_alive(process)


def comes_true(question: Callable[[], bool]) -> bool:
    """Ask again and again, but not for ever."""
    for _ in range(600):
        if question():
            return True
        time.sleep(0.1)
    return False


def test_a_server_that_is_not_wanted_any_more_does_not_start() -> None:
    """It is told to stop before it listens to signals."""
    with supervised("pg-") as supervisor:
        postgres.launch(supervisor, None)
    assert not supervisor.home.exists()
