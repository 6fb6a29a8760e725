"""Each environment has one tool: `pytest --tool airflow` collects the tests of that tool only."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from xdist.scheduler import LoadScopeScheduling

from tooling.sandbox import TOOLS, environment, forget_the_user, tool_of

TESTS = Path(__file__).parent
OF_A_TOOL = {"diagnose", "snippets", "test_diagnose.py", "test_names.py", "test_snippets.py"}
NEEDS_A_TOOL = {"test_names.py"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--tool", choices=("none", *TOOLS), default="none")


def pytest_configure(config: pytest.Config) -> None:
    """Let a tool that a test file imports see a sandbox; some read their options only then."""
    forget_the_user()
    tool = config.getoption("tool")
    if tool != "none":
        home = TemporaryDirectory()
        config.add_cleanup(home.cleanup)
        os.environ.update(environment(Path(f"collected_{tool}.py"), Path(home.name)))
    if tool == "prefect":
        from tooling.guard import free_port  # the other environments may lack what it needs

        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{free_port()}/api"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what another environment tests; the other hooks decide about the rest."""
    tool = config.getoption("tool")
    if collection_path.parent == TESTS and collection_path.name not in OF_A_TOOL:
        return True if tool != "none" else None
    if collection_path.parent == TESTS and collection_path.name in NEEDS_A_TOOL:
        return True if tool == "none" else None
    rooms = (TESTS / "diagnose", TESTS / "snippets")
    if any(room in collection_path.parents for room in rooms) and collection_path.suffix == ".py":
        return True if tool_of(collection_path) != tool else None
    return None


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
        return nodeid if Path(file).name == "test_snippets.py" else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling | None:
    """Share the tests out so where files have to stay together."""
    return FilesTogether(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def tool(pytestconfig: pytest.Config) -> str:
    return pytestconfig.getoption("tool")


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[dict[str, str]]:
    """A Prefect for all tests of the session, and the variable by which it is found."""
    from tooling.prefect_server import server

    with server(os.environ["PREFECT_API_URL"]):
        yield {"PREFECT_API_URL": os.environ["PREFECT_API_URL"]}
