"""The project from nothing: its folder is copied, started by its command, and looked at."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from testbed.sandbox import NOWHERE, SNIPPETS
from testbed.supervisor import Supervisor, supervised
from tooling.site.projects import write_zip

PROJECT = SNIPPETS / "pipeline-orchestration" / "airflow-architecture" / "project_airflow"
DAYS = [f"2026-01-{day:02}" for day in range(9, 14)]
NIGHTS = [f"2026-01-{day}" for day in range(10, 15)]
IMPORTED = ("alerts", "nightly_revenue", "shop", "start", "warehouse")


class Started(NamedTuple):
    """The folder of a project that runs, what it printed, and what supervises it."""

    folder: Path
    home: Path
    printed: str
    supervisor: Supervisor


@pytest.fixture(scope="module")
def downloaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a reader unpacks it."""
    folder = tmp_path_factory.mktemp("downloads")
    write_zip(PROJECT, folder / "project.zip")
    shutil.unpack_archive(folder / "project.zip", folder)
    return folder / PROJECT.name


@pytest.fixture(scope="module")
def started(downloaded: Path) -> Iterator[Started]:
    """What `python start.py` has made of it: every step may take three minutes."""
    folder = shutil.copytree(downloaded, downloaded.with_name("started"))
    home = downloaded.with_name("home")
    home.mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(home)}
    env |= {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE}
    with supervised("project-") as supervisor:
        log = supervisor.home / "start.log"
        supervisor.launch([sys.executable, "-u", str(folder / "start.py")], env, log)
        wait_for = supervisor.wait_for
        wait_for("Airflow's tables", lambda: (folder / "api-server.log").exists())
        wait_for("the API server", lambda: (folder / "scheduler.log").exists())
        wait_for("a first day", lambda: revenue(folder))
        wait_for("all days", lambda: "Ctrl-C ends it" in log.read_text())
        yield Started(folder, home, log.read_text(), supervisor)


def revenue(folder: Path) -> list[tuple[str, int, int]]:
    """The table that the CFO reads."""
    with closing(sqlite3.connect(folder / "warehouse.db")) as warehouse:
        return warehouse.execute("select * from fct_revenue_daily order by day").fetchall()


def test_it_ends_in_the_revenue(started: Started) -> None:
    assert revenue(started.folder) == [(day, 10, 1000) for day in DAYS]


def test_it_prints_what_the_page_shows(started: Started) -> None:
    *printed, address = started.printed.splitlines()
    assert printed == PROJECT.with_suffix(".out").read_text().splitlines()
    assert re.fullmatch(r"Airflow is at http://127\.0\.0\.1:\d+; Ctrl-C ends it\.", address)


def test_the_page_shows_green_runs_and_the_revenue() -> None:
    runs = [f"run of {night}  success" for night in NIGHTS]
    days = [f"{day}  10 orders  EUR 1,000.00" for day in DAYS]
    assert PROJECT.with_suffix(".out").read_text().splitlines()[1:] == runs + days


def test_each_night_that_was_late_has_told_on_call(started: Started) -> None:
    log = started.folder / "alerts.log"
    started.supervisor.wait_for("the last", lambda: len(log.read_text().splitlines()) == 5)
    assert re.findall(r"(2026-01-\d\d)T03:12:00Z is late", log.read_text()) == NIGHTS


def test_it_can_be_reached_from_this_machine_only(started: Started) -> None:
    processes = psutil.Process(started.supervisor.process.pid).children(recursive=True)
    found = [one for process in processes for one in process.net_connections("inet")]
    listening = {one.laddr.ip for one in found if one.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


def test_it_leaves_nothing_outside_of_its_folder(started: Started) -> None:
    assert [path for path in started.home.rglob("*") if path.is_file()] == []


def test_a_later_end_brings_the_two_nights_after_the_newest_run(started: Started) -> None:
    """What the page has a reader try; it comes after the tests of the five nights."""
    more = ["2026-01-14", "2026-01-15"]
    dag = started.folder / "dags" / "nightly_revenue.py"
    subprocess.run([sys.executable, started.folder / "shop.py", *more], check=True)
    text = dag.read_text()
    assert "end_date=datetime(2026, 1, 15" in text
    dag.write_text(text.replace("end_date=datetime(2026, 1, 15", "end_date=datetime(2026, 1, 17"))
    started.supervisor.wait_for("two more days", lambda: len(revenue(started.folder)) == 7)
    assert revenue(started.folder) == [(day, 10, 1000) for day in DAYS + more]
    started.supervisor.wait_for("the end", lambda: "running" not in states(started.folder))
    assert states(started.folder) == ["success"] * 7


def states(folder: Path) -> list[str]:
    """The states of all runs, the one that started first at the beginning."""
    with closing(sqlite3.connect(folder / "airflow.db", timeout=60)) as database:
        rows = database.execute("select state from dag_run order by start_date").fetchall()
    return [state for (state,) in rows]


def test_what_does_not_end_when_asked_is_killed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaf = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(99)"
    )
    process = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    process.stdout.readline()  # it ignores the signal from now on
    wait = subprocess.Popen.wait
    with monkeypatch.context() as patch:
        patch.setattr(subprocess.Popen, "wait", lambda self, timeout: wait(self, timeout / 100))
        import_module("start").end([process])
    assert process.wait(timeout=10) == -signal.SIGKILL


@pytest.fixture
def project(downloaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The project's code in this process, with an export and a warehouse of its own."""
    for folder in ("", "dags", "plugins"):
        monkeypatch.syspath_prepend(downloaded / folder)
    start = (downloaded / "warehouse.sql").read_text()
    with closing(sqlite3.connect(tmp_path / "warehouse.db")) as warehouse:
        warehouse.executescript(start)
    path = str(tmp_path / "warehouse.db").replace("/", "%2F")
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", f"sqlite://{path}")
    monkeypatch.setenv("AIRFLOW_VAR_EXPORT_FOLDER", str(tmp_path))
    import_module("shop").export("2026-01-13", tmp_path)
    yield tmp_path
    for name in IMPORTED:
        sys.modules.pop(name, None)


def load(day: str) -> int:
    """Call the task's own function, as a worker does."""
    return import_module("nightly_revenue").load_orders.function(day)


def orders(folder: Path) -> int:
    """Count what the load left."""
    with closing(sqlite3.connect(folder / "warehouse.db")) as warehouse:
        return warehouse.execute("select count(*) from raw_orders").fetchone()[0]


def test_a_second_attempt_adds_nothing(project: Path) -> None:
    assert [load("2026-01-13"), load("2026-01-13"), orders(project)] == [10, 10, 10]


def test_a_file_too_few_fails_and_leaves_the_day_as_it_was(project: Path) -> None:
    load("2026-01-13")
    os.remove(project / "2026-01-13" / "orders-18.csv")
    with pytest.raises(FileNotFoundError, match="10 of 11 files for 2026-01-13"):
        load("2026-01-13")
    assert orders(project) == 10


def test_requirements_leave_nothing_open() -> None:
    """What the pinned packages ask for here is pinned too, so no constraints are needed."""
    pins = pinned()
    missing = {
        f"{package} wants {wanted.name}"
        for package in pins
        for wanted in wants(package)
        if canonicalize_name(wanted.name) not in pins
    }
    assert missing == set()
    assert pins["apache-airflow"] == distribution("apache-airflow").version


def pinned() -> dict[str, str]:
    """The packages of the project that are for this machine, and their versions."""
    lines = (PROJECT / "requirements.txt").read_text().splitlines()
    wanted = [Requirement(line) for line in lines if not line.startswith("#")]
    here = [one for one in wanted if one.marker is None or one.marker.evaluate()]
    return {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in here}


def wants(package: str) -> list[Requirement]:
    """What an installed package asks for without its extras."""
    asked = [Requirement(one) for one in distribution(package).requires or []]
    return [one for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]
