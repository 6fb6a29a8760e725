"""The plan of a change knows this repository: its sessions, its tests, and what they read."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache
from pathlib import PurePosixPath

import pytest

from testbed.sandbox import ROOT
from testbed.tools import NONE, TOOLS
from tests.conftest import is_of
from tests.content.test_names import names_for
from tests.diagnose.staging.fences import PAGES, run_by
from tests.repository.test_house import tracked_text
from tooling.authoring.recordings import relative, sources
from tooling.changes.plan import OF_EVERY_PAGE, SESSIONS, WHOLE_SESSIONS, effects
from tooling.changes.tree import FENCES, NAMES, RECORDINGS, TOOL_SESSIONS, Tree

TREE = Tree(ROOT)
ROOMS = ("packages", "labs", "diagnose", "snippets", "content")  # what the tools' sessions collect


@cache
def runs(path: str) -> set[tuple[str, str]]:
    return set(effects(path, TREE))


def test_every_test_runs_in_the_sessions_that_collect_it() -> None:
    planned: dict[str, set[str]] = {}
    for test in TREE.tests:
        planned.setdefault(test.id, set()).add(test.session)
    for path in sorted(file for room in ROOMS for file in ROOT.glob(f"tests/{room}/**/test_*.py")):
        collects = {TOOL_SESSIONS[tool] for tool in (NONE, *TOOLS) if is_of(path, tool)}
        assert planned[relative(path)] == collects, path


def test_every_test_runs_after_a_change_of_itself() -> None:
    files = [test for test in TREE.tests if "::" not in test.id and test.session != "browser"]
    assert len(files) > 100
    assert not [test for test in files if not TREE.is_affected(test, test.id)]


@pytest.mark.parametrize("tool", [NONE, *TOOLS])
def test_every_recording_runs_after_a_change_of_its_source(tool: str) -> None:
    for source in sources(tool):
        test = f"{RECORDINGS}::test_recording_is_current[{relative(source)}]"
        assert (TOOL_SESSIONS[tool], test) in runs(relative(source))


@pytest.mark.parametrize("tool", TOOLS)
def test_names_run_after_a_change_of_a_page_that_has_them(tool: str) -> None:
    pages = {span.path for span in names_for(tool)}
    assert pages
    assert not [page for page in pages if (tool, NAMES) not in runs(page)]


@pytest.mark.parametrize("tool", [NONE, *TOOLS])
def test_fences_run_after_a_change_of_their_page(tool: str) -> None:
    stage = "warehouse" if tool == NONE else tool
    for symptom in run_by(tool):
        found = runs(f"docs/{PAGES[symptom].uri}")
        assert (TOOL_SESSIONS[tool], FENCES) in found
        assert (TOOL_SESSIONS[tool], f"tests/diagnose/{symptom}/test_{stage}.py") in found


def test_what_looks_at_every_page_is_there() -> None:
    text = "\n".join(path.read_text("utf-8") for path in ROOT.glob("tests/site/test_*.py"))
    assert set(OF_EVERY_PAGE) <= set(re.findall(r"^def (test_\w+)", text, re.M))


def test_every_place_of_content_and_tests_is_known() -> None:
    """What is not known runs everything: right, but slow."""
    rooms = ("docs/", "snippets/", "packages/", "tests/")
    paths = [path for path, _ in tracked_text() if path.startswith(rooms)]
    patterns = [pattern for pattern, sessions in WHOLE_SESSIONS if sessions != SESSIONS]
    unknown = {path for path in paths if not any(fnmatchcase(path, one) for one in patterns)}
    assert {str(PurePosixPath(path).parent) for path in unknown} == {"tests"}  # of all tests
