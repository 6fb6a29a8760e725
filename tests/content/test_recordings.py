"""The floor: every source under snippets/ still produces its recording, byte for byte."""

from functools import partial
from pathlib import Path

import pytest

from testbed import forks
from testbed.browser import MISSING
from testbed.sandbox import is_live
from testbed.tools import NONE
from tests.machine import lacks
from tooling.authoring.recordings import RUN, RecordingError, Run, problem, relative, sources


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "source" in metafunc.fixturenames:
        found = sources(metafunc.config.getoption("tool"))
        metafunc.parametrize("source", found, ids=relative)


def test_there_are_sources(tool: str) -> None:
    assert [path for path in sources(tool) if path.suffix == ".py"]


@pytest.fixture
def run(tool: str, source: Path, request: pytest.FixtureRequest) -> Run:
    """How to run a program: with what took seconds to start and serves all of them."""
    if tool == "prefect":
        request.getfixturevalue("prefect_server")
    if is_live(source):
        request.getfixturevalue("live")
    return RUN if tool == NONE else partial(forks.run, deny=True)


def test_recording_is_current(source: Path, run: Run) -> None:
    try:
        message = problem(source, run)
    except RecordingError as error:
        if MISSING not in str(error):
            raise
        lacks(MISSING)
    if message:
        pytest.fail(message, pytrace=False)
