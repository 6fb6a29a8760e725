"""Each environment has one tool: `pytest --tool airflow` collects the tests of that tool only."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

from testbed.sandbox import (
    PREFECT_SERVER,
    ROOT,
    STACK,
    clear_tool_settings,
    environment,
    is_live,
    tool_of,
)
from testbed.tools import NONE, TOOLS

if TYPE_CHECKING:
    from testbed.airflow.live import Stack

CONTENT = Path(__file__).parent / "content"
OF_A_TOOL = {"test_forks.py", "test_names.py"}  # there, and without a tool there are neither
collect_ignore = ["fixtures"]  # a course that tests copy and break; its own tests are content


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--tool", choices=(NONE, *TOOLS), default=NONE)


def pytest_configure(config: pytest.Config) -> None:
    """Let a tool that a test file imports see a sandbox; some read their options only then."""
    clear_tool_settings()
    tool = config.getoption("tool")
    if tool == "prefect":
        from testbed.supervisor import free_port  # the other environments may lack what it needs

        os.environ[PREFECT_SERVER] = f"http://127.0.0.1:{free_port()}/api"
    if tool != "none":
        home = TemporaryDirectory()
        config.add_cleanup(home.cleanup)
        os.environ.update(environment(Path(f"collected_{tool}.py"), Path(home.name)))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what another environment tests; the other hooks decide about the rest."""
    tool, path = config.getoption("tool"), collection_path
    tests = path.rglob("test_*.py") if path.is_dir() else [path]
    return None if any(is_of(one, tool) for one in tests) else True


def is_of(test: Path, tool: str) -> bool:
    """Tell whether the session of a tool collects a test file."""
    if test.parent == CONTENT:  # whose files each session runs, for its own tool
        return tool != NONE or test.name not in OF_A_TOOL
    return tool_of(test) == tool


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage in what is imported and collected: all of it stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


class FilesTogether(LoadScopeScheduling):
    """Give one process all tests of a file, which share what they start, or all that are live."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        recorded = ROOT / test.partition("[")[2].removesuffix("]")
        program = recorded if recorded.suffix == ".py" else program_of(Path(file))
        return "live" if program.is_file() and is_live(program) else file


def program_of(test: Path) -> Path:
    """Name the program of a promise; all that are live, and their recordings, share one stack."""
    return ROOT.joinpath(*test.parts[1:-1], test.name.removeprefix("test_"))


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling | None:
    """Share the tests out so where files have to stay together."""
    return FilesTogether(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def tool(pytestconfig: pytest.Config) -> str:
    return pytestconfig.getoption("tool")


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A Prefect for all tests of the session."""
    from testbed.prefect import server

    with server(os.environ[PREFECT_SERVER]):
        yield


@pytest.fixture(scope="session")
def live() -> Iterator[Stack]:
    """A whole Airflow, up once for all that need it, with the Dags of their programs."""
    from testbed.airflow.live import live_programs, stack

    with stack(*live_programs()) as live, pytest.MonkeyPatch.context() as patch:
        patch.setenv(STACK, f"{live.home} {live.url}")
        yield live
