"""Each environment has one tool: `pytest --tool airflow` collects the tests of that tool only."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from xdist.scheduler import LoadScopeScheduling

from testbed.sandbox import PREFECT_SERVER, clear_tool_settings, environment, tool_of
from testbed.tools import NONE, TOOLS

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
    """Give one process all tests of a file, which share what they start, but each recording."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if Path(file).name == "test_recordings.py" else file


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
