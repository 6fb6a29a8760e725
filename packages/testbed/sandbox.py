"""The one place that runs a snippet: a throwaway home, no telemetry, no network, quiet logs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from unittest.mock import patch

from testbed.denied import FIXES, FOLDER, REPORT, STARTUP, VARIABLE, WORK
from testbed.tools import NONE, TOOLS

PACKAGES = Path(__file__).parents[1]
ROOT = Path(os.environ.get("COURSE_ROOT") or PACKAGES.parent)  # a test may point at a small course
SNIPPETS = ROOT / "snippets"
LABS = ROOT / "docs" / "labs"
CACHE = ROOT / ".cache"
NOWHERE = "http://127.0.0.1:9"  # a proxy that nobody runs: only loopback can be reached
SETTINGS = tuple(tool.settings for tool in TOOLS.values())  # how the tools' own variables begin
# Variables that name what serves all programs of a session of tests:
PREFECT_SERVER = "TESTBED_PREFECT_SERVER"  # the API of a server
STACK = "TESTBED_STACK"  # the folder and the address of a whole Airflow
LIMIT = 300  # seconds before a program counts as hung


def tool_of(path: Path) -> str:
    """Tell a program's or a test's tool by the end of its name: `empty_listing_airflow.py`.

    `none`: it needs no tool.
    """
    tool = path.stem.rpartition("_")[2]
    return tool if path.suffix == ".py" and tool in TOOLS else NONE


def in_project(path: Path) -> bool:
    """Tell a file of a lesson's project, `project_<tool>/`, which is started as a whole."""
    return any(f"project_{tool}" in path.parts for tool in TOOLS)


def is_live(program: Path) -> bool:
    """Tell a program that needs a whole Airflow."""
    return "testbed.airflow.live" in program.read_text(encoding="utf-8")


def find(name: str | Path) -> Path:
    """Find a source by its path from here or from snippets/; FileNotFoundError: it is not there."""
    for path in (Path(name).absolute(), SNIPPETS / name):
        if path.is_file():
            return path
    raise FileNotFoundError(f"{name}: no such file here or in snippets/")


def environment(program: Path, home: Path) -> dict[str, str]:
    """Build all of the environment that a program sees; nothing of the user's leaks in.

    home: an empty folder, in which the program's tool finds a migrated database of its own.
    """
    kept = system()
    common = {
        "HOME": str(home),
        "TZ": "UTC",
        "NO_COLOR": "1",
        "PYTHONPATH": str(PACKAGES),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HTTP_PROXY": NOWHERE,
        "HTTPS_PROXY": NOWHERE,
        "NO_PROXY": "127.0.0.1,localhost",
    }
    match tool_of(program):
        case "airflow":
            return kept | common | airflow(home, program)
        case "prefect":
            return kept | common | prefect(home)
        case "dagster":
            return kept | common | dagster(home)
    return kept | common


@contextmanager
def activated(program: Path, home: Path) -> Iterator[None]:
    """Have this process see what a program sees, until the end of the block."""
    with patch.dict(os.environ):
        activate(environment(program, home))
        yield


def activate(variables: dict[str, str]) -> None:
    """Set these variables, for an Airflow too that is imported already."""
    os.environ.update(variables)
    if settings := sys.modules.get("airflow.settings"):
        reconnect(settings)


def reconnect(settings: ModuleType) -> None:
    """Have Airflow use the Dags and the database that its variables name now."""
    last = settings.SQL_ALCHEMY_CONN
    settings.configure_vars()
    if last != settings.SQL_ALCHEMY_CONN:
        settings.reconfigure_orm()


def system() -> dict[str, str]:
    """Return the user's variables without which no program starts."""
    return {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}


def clear_tool_settings() -> None:
    """Take the user's own settings of the tools out of this process and those it starts."""
    for name in [name for name in os.environ if name.startswith(SETTINGS)]:
        del os.environ[name]


def airflow(home: Path, dags: Path) -> dict[str, str]:
    """Give Airflow a migrated database of its own and a Dag bundle of one file.

    `dag.test()` runs only a Dag that its bundle holds, and parses all of that bundle each time.
    """
    shutil.copy(airflow_template(), home / "airflow.db")
    stack = os.environ.get(STACK)
    return ({STACK: stack} if stack else {}) | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "0",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL",
    }


def airflow_template() -> Path:
    """Migrate an empty metadata database once for each version of Airflow."""
    return template(f"airflow-{version('apache-airflow-core')}.db", migrate_airflow)


def migrate_airflow(database: Path) -> None:
    """Make Airflow's tables in a SQLite file."""
    migrate(f"sqlite:///{database}", str(database.parent))


def prefect_template() -> Path:
    """Migrate an empty database once for each version of Prefect; each server would take 6 s."""
    return template(f"prefect-{version('prefect')}.db", migrate_prefect)


def migrate_prefect(database: Path) -> None:
    """Make Prefect's tables in a SQLite file."""
    home = str(database.parent)
    env = system() | {"HOME": home, "PREFECT_HOME": home, "HTTPS_PROXY": NOWHERE}
    env["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
    env["PREFECT_API_DATABASE_CONNECTION_URL"] = f"sqlite+aiosqlite:///{database}"
    command = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"]
    subprocess.run(command, env=env, check=True, capture_output=True)


def template(name: str, make: Callable[[Path], None]) -> Path:
    """Return a file that is made once and kept; nobody ever sees half of it."""
    made = CACHE / name
    if not made.exists():
        CACHE.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=CACHE) as home:
            make(Path(home, name))
            Path(home, name).replace(made)
    return made


def migrate(database: str, home: str) -> None:
    """Make Airflow's tables in an empty database."""
    env = system() | {"HOME": home, "AIRFLOW_HOME": home}
    env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = database
    command = [sys.executable, "-m", "airflow", "db", "migrate"]
    subprocess.run(command, env=env, check=True, capture_output=True)


def prefect(home: Path) -> dict[str, str]:
    """Give Prefect a home, in it a migrated database of its own, and the tests' server if any."""
    shutil.copy(prefect_template(), home / "prefect.db")
    server = os.environ.get(PREFECT_SERVER)
    return ({"PREFECT_API_URL": server} if server else {}) | {
        "PREFECT_HOME": str(home),
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # 20 fails a busy machine
    }


def dagster(home: Path) -> dict[str, str]:
    """Give Dagster a home of its own and keep its telemetry off."""
    return {"DAGSTER_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "1"}


def run(
    program: Path, *through: str, deny: bool = False, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a program in a sandbox of its own with the Python that runs this, and return its output.

    through: what stands before the program, such as `-m`, `pytest`. deny: let it fail if it does
    what `testbed.denied` denies; its errors say where. variables: added to its environment.
    TimeoutExpired: it ran for more than 300 s.
    """
    with TemporaryDirectory() as home:
        folder, env = Path(home), environment(program, Path(home)) | variables
        if deny:
            folder = working_directory(Path(home))
            env |= denials(program, Path(home), env["PYTHONPATH"])
        ended = subprocess.run(
            [sys.executable, *through, program],
            cwd=folder,
            env=env,
            capture_output=True,
            encoding="utf-8",
            timeout=LIMIT,
        )
        return failed_if_denied(ended, program, Path(home)) if deny else ended


def working_directory(home: Path) -> Path:
    """Make a folder in a program's home, in which it may write nothing."""
    folder = home / WORK
    folder.mkdir()
    return folder


def denials(program: Path, home: Path, path: str) -> dict[str, str]:
    """Return the variables that deny a program what it may not do, and each Python it starts."""
    denied = os.pathsep.join(map(str, (program, home, ROOT)))
    return {VARIABLE: denied, "PYTHONPATH": f"{STARTUP}{os.pathsep}{path}"}


def failed_if_denied(
    ended: subprocess.CompletedProcess[str], program: Path, home: Path
) -> subprocess.CompletedProcess[str]:
    """Have a program fail that did what it is denied, whatever it made of that."""
    report = home / REPORT
    lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    if not lines:
        left = sorted(path.name for path in (home / WORK).iterdir())
        lines = [f"{program}:1: {FOLDER} ({name}); {FIXES[FOLDER]}" for name in left]
    if lines:
        ended.returncode = ended.returncode or 1
        ended.stderr = "\n".join(dict.fromkeys(lines)).replace(f"{ROOT}{os.sep}", "")
    return ended


def show(program: Path) -> int:
    """Run a program and show what it prints; a tool's own chatter only if it fails."""
    result = run(program)
    print(result.stdout, end="")
    if result.returncode:
        print(result.stderr, end="", file=sys.stderr)
    return result.returncode


if __name__ == "__main__":
    sys.exit(max(show(find(name)) for name in sys.argv[1:]))
