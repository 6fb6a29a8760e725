"""A program is stopped whatever way it takes to the clock, to sleep, the network or a file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from subprocess import CompletedProcess
from textwrap import indent

import pytest

from testbed import sandbox
from testbed.denied import (
    CLOCK,
    FOLDER,
    LIBRARY,
    OTHERS,
    PROCESS,
    PROGRAM,
    REPOSITORY,
    SLEEP,
    SOCKET,
    TRANSPARENT,
    Denial,
)
from testbed.sandbox import PACKAGES, ROOT, run

WAYS = {
    CLOCK: [
        "import time; time.time()",
        "from time import monotonic_ns as tick; tick()",
        "__import__('time').perf_counter()",
        "import time; getattr(time, 'time' + '_ns')()",
        "import time; next(iter(time.time, 0))",
        "import time; list(map(lambda _: time.process_time(), [1]))",
        "import time; time.strftime('%Y')",
        "import time; time.localtime()",
        "import time; time.ctime(None)",
        "import time; time.clock_gettime(time.CLOCK_REALTIME)",
        "import os; os.times()",
        "import datetime; datetime.datetime.now()",
        "from datetime import datetime as d, UTC; d.now(UTC)",
        "from datetime import datetime; datetime.utcnow()",
        "from datetime import datetime; datetime.today()",
        "from datetime import date; date.today()",
        "from datetime import datetime; type('Mine', (datetime,), {}).now()",
        "from datetime import datetime; (lambda now=datetime.now: now())()",
        "from functools import partial; from datetime import datetime; partial(datetime.now)()",
        "from dataclasses import field, make_dataclass as new; from datetime import datetime; "
        "new('Order', [('at', datetime, field(default_factory=datetime.now))])()",
        "from email.utils import formatdate; formatdate()",
        "from timeit import timeit; timeit('1')",
        "exec('import time; time.time()')",
        "from sqlite3 import connect; connect(':memory:').execute('select current_timestamp')",
        "import sqlite3; sqlite3.connect(':memory:').execute(\"select date('now')\").fetchone()",
        "from sqlite3 import connect; connect(':memory:').execute('select datetime()').fetchone()",
        "from sqlite3 import connect; connect(':memory:').execute(\"select strftime('%Y')\")",
        "from threading import Thread; import time; Thread(target=lambda: time.time()).start()",
    ],
    SLEEP: [
        "import time; time.sleep(0.01)",
        "from time import sleep as nap; nap(0.01)",
        "__import__('time').sleep(0.01)",
        "import threading; threading.Event().wait(0.01)",
        "import queue; queue.Queue().get(timeout=0.01)",
        "import asyncio; asyncio.run(asyncio.sleep(0.01))",
        "import select; select.select([], [], [], 0.01)",
    ],
    SOCKET: [
        "import socket; socket.socket()",
        "import socket; socket.create_server(('127.0.0.1', 0))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import _socket; _socket.socket()",
        "from urllib.request import urlopen; urlopen('http://127.0.0.1:9')",
        "from http.client import HTTPConnection; HTTPConnection('127.0.0.1', 9).connect()",
        "import asyncio; asyncio.run(asyncio.open_connection('127.0.0.1', 9))",
    ],
    FOLDER: [
        "open('orders.csv', 'w')",
        "open('orders.csv', 'a')",
        "from pathlib import Path; Path('orders.csv').write_text('')",
        "from pathlib import Path; Path('orders.csv').touch()",
        "from pathlib import Path; Path('orders.csv').resolve().open('xb')",
        "import os; os.open('orders.csv', os.O_WRONLY | os.O_CREAT)",
        "import os; os.mkdir('orders')",
        "import os; os.symlink('/', 'orders')",
        "import shutil; shutil.copy(__file__, 'orders.csv')",
        "import sqlite3; sqlite3.connect('orders.db')",
        "from tempfile import NamedTemporaryFile; NamedTemporaryFile(dir='.')",
    ],
    REPOSITORY: [
        "from pathlib import Path; Path(__file__).with_name('orders.csv').write_text('')",
        "import os; os.rename(__file__, __file__ + '.old')",
    ],
    PROCESS: [
        "import os; os.system('date')",
        "import subprocess; subprocess.run(['date'])",
        "import subprocess; subprocess.run('date', shell=True)",
        "import os; os.fork()",
    ],
}
UNSEEN = {  # the error is not raised to where it would end the program, or not at all
    "swallowed": "try: print(__import__('time').time())\nexcept BaseException: pass",
    "ended before": "import os\ntry: print(__import__('time').time())\nfinally: os._exit(0)",
    "in a thread": "import time, threading; threading.Thread(target=lambda: time.time()).start()",
    "in a child": "import sys; from subprocess import run; "
    "run([sys.executable, '-c', 'import time; time.time()'])",
}
HARMLESS = """
import asyncio, logging, subprocess, sys, time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from sqlite3 import connect
from tempfile import TemporaryDirectory
from threading import Event
from uuid import uuid4

print(time.strftime("%Y", time.gmtime(0)), time.ctime(0), time.localtime(0).tm_year)
print(datetime.fromtimestamp(0, UTC), datetime.fromisoformat("2026-03-13"))
sql = "select date('2026-03-13', '+1 day'), strftime('%H', 0)"
print(connect(":memory:").execute(sql).fetchall())
print(Random(14).random(), len(str(uuid4())))
logging.getLogger("night").error("no orders")

async def night():
    await asyncio.sleep(0)

asyncio.run(night())
with ThreadPoolExecutor() as pool:
    print(list(pool.map(str, [1])))
morning = Event()
morning.set()
print(morning.wait(10))
with TemporaryDirectory() as folder:
    Path(folder, "orders.csv").write_text(Path(__file__).read_text())
Path.home().joinpath("orders").mkdir()
print(subprocess.run([sys.executable, "-c", "print(1)"], check=True, capture_output=True).stdout)
"""
LAB = """# %% [markdown]
# # A night
# %%
import time
print("asked")
time.time()
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    repository = tmp_path / "repository"
    repository.mkdir()
    monkeypatch.setattr(sandbox, "ROOT", repository)
    return repository / "night.py"


def denied(program: Path, code: str, *through: str, **variables: str) -> CompletedProcess[str]:
    program.write_text(code)
    return run(program, *through, deny=True, **variables)


@pytest.mark.parametrize("what", WAYS)
def test_each_way_is_stopped_where_it_is(program: Path, what: str) -> None:
    tries = [f"try:\n{indent(way, '    ')}\nexcept BaseException: pass\n" for way in WAYS[what]]
    ended = denied(program, "".join(tries))
    lines = ended.stderr.splitlines()
    stopped = {int(line.split(":")[1]) for line in lines if f": {what} (" in line}
    assert ended.returncode == 1
    assert [way for n, way in enumerate(WAYS[what]) if 3 * n + 2 not in stopped] == []
    assert len(lines) == len(WAYS[what])


def test_the_message_says_what_would_be_right(program: Path) -> None:
    ended = denied(program, "import time\n\ntime.sleep(1)\nprint('awake')\n")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        "night.py:3: sleeps (time.sleep); "
        "let a fake clock pass the time, or wait for a state with testbed's `wait_for`"
    )


@pytest.mark.parametrize("how", UNSEEN)
def test_what_the_program_hides_is_found(program: Path, how: str) -> None:
    ended = denied(program, UNSEEN[how])
    assert ended.returncode == 1
    assert f": {CLOCK} (time.time); " in ended.stderr


def test_what_only_the_system_sees_is_left_in_the_folder(program: Path) -> None:
    ended = denied(program, "import ctypes; ctypes.CDLL(None).mkdir(b'orders', 0o700)")
    assert ended.stderr.startswith(f"night.py:1: {FOLDER} (orders); write into")


def test_what_is_the_same_each_time_is_not_stopped(program: Path) -> None:
    free, bound = run_free(program), denied(program, HARMLESS)
    assert (bound.returncode, bound.stdout, bound.stderr) == (0, free.stdout, free.stderr)


def run_free(program: Path) -> CompletedProcess[str]:
    program.write_text(HARMLESS)
    return run(program)


def test_a_cell_of_a_lab_is_a_program(program: Path) -> None:
    path = os.pathsep.join([str(PACKAGES), str(ROOT)])
    ended = denied(program, LAB, "-m", "tooling.authoring.notebook", PYTHONPATH=path)
    assert ended.returncode == 1
    assert f":3: {CLOCK} (time.time); " in ended.stderr


@pytest.mark.parametrize(
    ("file", "side"),
    [
        ("/course/snippets/pipelines/empty/night.py", PROGRAM),
        ("/bundles/dags/night.py", PROGRAM),
        ("/course/packages/miniorch/clock.py", PROGRAM),
        ("/elsewhere/dags/written_by_night.py", OTHERS),
        (f"{LIBRARY}site-packages/tool/clock.py", OTHERS),  # a Python that is no environment
        (f"{sys.prefix}/bin/tool", OTHERS),
        (f"{LIBRARY}pathlib.py", TRANSPARENT),
        ("<frozen runpy>", TRANSPARENT),
    ],
)
def test_a_file_tells_whose_its_code_is(file: str, side: str) -> None:
    denial = Denial("/course/snippets/pipelines/empty/night.py", "/home", "/course")
    assert denial.side_of(file) == side


def test_a_reader_s_run_is_denied_nothing(program: Path) -> None:
    program.write_text("import time; print(time.time() > 0)")
    assert run(program).stdout == "True\n"
