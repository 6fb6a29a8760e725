"""What a promise test needs: its chapter's program, loaded in a sandbox of its tool."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from testbed.sandbox import SNIPPETS, activated, tool_of
from tests.snippets.exercises import Graded
from tests.words import Words, page_at

if TYPE_CHECKING:
    from testbed.airflow.installation import Installation

HERE = Path(__file__).parent


def program_of(test: Path) -> Path:
    """Find the program of a test: the same chapter, the same name."""
    return SNIPPETS / test.parent.relative_to(HERE) / f"{test.stem.removeprefix('test_')}.py"


def load_snippet(path: Path) -> ModuleType:
    """Import a program by its path, since a chapter's folder is no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # where dataclasses and pickles look for it
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page(request: pytest.FixtureRequest) -> Words:
    """The chapter of this test's folder, whose words a test quotes that proves them."""
    return page_at(f"{request.path.parent.relative_to(HERE).as_posix()}.md")


@pytest.fixture(scope="module")
def program(request: pytest.FixtureRequest, sandbox: None) -> ModuleType:
    """The program that this test file is about."""
    return load_snippet(program_of(request.path))


@pytest.fixture(scope="module")
def exercise(request: pytest.FixtureRequest, sandbox: None) -> Graded:
    """The exercise that this test file is about."""
    return Graded.read(program_of(request.path))


@pytest.fixture(scope="module")
def sandbox(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The environment that the program has when it runs by itself."""
    program = program_of(request.path)
    if tool_of(program) == "prefect":
        request.getfixturevalue("prefect_server")
    with activated(program, tmp_path_factory.mktemp(program.stem)):
        yield


@pytest.fixture
def airflow(program: ModuleType) -> Iterator[Installation]:
    """A fresh Airflow with the Dags of the program, whose schedulers the test ticks."""
    from testbed.airflow.installation import installation  # the other environments have no Airflow

    with installation() as airflow:
        yield airflow
