"""The floor: every source under snippets/ still produces its recording, byte for byte."""

from pathlib import Path

import pytest

from tooling.recordings import fault, relative, sources


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "source" in metafunc.fixturenames:
        found = sources(metafunc.config.getoption("tool"))
        metafunc.parametrize("source", found, ids=relative)


def test_there_are_sources(tool: str) -> None:
    assert [path for path in sources(tool) if path.suffix == ".py"]


def test_recording_is_current(source: Path) -> None:
    if message := fault(source):
        pytest.fail(message, pytrace=False)
