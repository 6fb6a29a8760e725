"""Nothing on the diagnosis pages is left untried: each fence has a stage, and a stage can fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed.sandbox import activated
from testbed.tools import NONE, TOOLS
from tests.diagnose.staging.fences import FENCES, PAGES, ROOT, run_by, stage_of
from tests.diagnose.staging.shell import CommandError, commands, run

FEWEST = {"none": 2, "airflow": 3, "prefect": 3, "dagster": 3, "argo": 3}
INVENTED = {
    "none": ["grep --no-such-option x"],
    "airflow": ["airflow tasks states nightly", "airflow dags list --bundle-nme x"],
    "prefect": ["prefect task-run list", "prefect task-run ls --newest 3"],
    "dagster": ["dagster run show", "dagster run list --newest 3"],
    "argo": [
        *("argo describe nightly", "argo get nightly --wide", "argo get", "argo list nightly"),
        *("argo retry --restart-successful", "argo submit nightly --schedule-time 3"),
    ],
}


@pytest.fixture(autouse=True)
def home(tool: str, tmp_path: Path) -> Iterator[None]:
    with activated(Path(f"diagnose_{tool}.py"), tmp_path):
        yield


def test_every_page_that_runs_something_is_staged(tool: str) -> None:
    staged = {symptom: stage_of(symptom, tool) for symptom in run_by(tool)}
    missing = [str(path.relative_to(ROOT)) for path in staged.values() if not path.exists()]
    assert not missing


def test_no_stage_is_left_over() -> None:
    tools = (NONE, *TOOLS)
    wanted = {stage_of(symptom, tool) for tool in tools for symptom in run_by(tool)}
    assert not set((ROOT / "tests" / "diagnose").glob("*/test_*.py")) - wanted


def test_there_is_something_to_run(tool: str) -> None:
    assert len(run_by(tool)) >= FEWEST[tool]


def test_a_fence_is_a_query_or_a_command() -> None:
    assert not [f"{one} is {one.language}" for one in FENCES if one.language not in RUN]


RUN = {"sql", "bash"}


def test_a_tab_s_fence_is_its_tool_s() -> None:
    of = {page: {one.tool for one in FENCES if one.symptom == page} for page in PAGES}
    assert of["task-finished-far-too-fast"] == {NONE, *TOOLS}


def test_an_invented_command_is_refused(tool: str) -> None:
    for command in INVENTED[tool]:
        with pytest.raises(CommandError):
            run(command)


def test_commands_are_cut_where_a_shell_cuts_them() -> None:
    assert commands("a 'x\ny' |\n  b\n# c\nd \\\n  e") == ["a 'x\ny' |\n  b", "d    e"]
