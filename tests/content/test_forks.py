"""A recording is made in a fork: to its program that is what a process of its own is."""

import subprocess
from pathlib import Path

import pytest

from testbed import forks, sandbox

SEES = """
import os, sys
from miniorch import DAG
seen = {name: value.replace(os.getcwd(), "~") for name, value in os.environ.items()}
print(sorted(seen.items()), seen["HOME"] == "~")
print(sys.path, sys.argv, __name__, __file__, hash("night"), sys.stdin.read())
"""
READS = {  # what a tool has read of its environment by the time that it is imported
    "airflow": """
from airflow import settings
assert settings.SQL_ALCHEMY_CONN == f"sqlite:///{os.getcwd()}/airflow.db"
assert settings.engine.url.render_as_string() == settings.SQL_ALCHEMY_CONN
assert settings.DAGS_FOLDER == __file__
""",
    "dagster": """
import dagster
with dagster.DagsterInstance.get() as instance:
    assert instance.root_directory == os.getcwd(), instance.root_directory
""",
    "prefect": """
from prefect.settings import get_current_settings
assert str(get_current_settings().home) == os.getcwd()
assert get_current_settings().api.url == os.environ["PREFECT_API_URL"]
""",
    "argo": "import hera.workflows\n",
}


@pytest.fixture
def program(tool: str, tmp_path: Path) -> Path:
    return tmp_path / f"night_{tool}.py"


def test_it_sees_the_same(program: Path, tool: str) -> None:
    assert_same(program, SEES + READS[tool])


@pytest.mark.parametrize("code", ["import sys\nsys.exit('no orders')\n", "1 / 0\n"])
def test_it_ends_the_same(program: Path, code: str) -> None:
    assert_same(program, code)


def assert_same(program: Path, code: str) -> None:
    """Hold a program that is run in a fork against one that is run alone."""
    program.write_text(code)
    assert ended(sandbox.run(program)) == ended(forks.run(program))


def ended(run: subprocess.CompletedProcess[str]) -> tuple[int, str, list[str]]:
    """How a program ended: its code, what it printed, and what ended it."""
    return run.returncode, run.stdout, run.stderr.splitlines()[-1:] if run.returncode else []


def test_nothing_of_the_program_before_is_left(program: Path) -> None:
    program.write_text("import os; print(sorted(os.listdir())); open('mark', 'w').close()")
    assert forks.run(program).stdout == forks.run(program).stdout


def test_one_that_hangs_is_ended(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "LIMIT", 1)
    program.write_text("while True:\n    pass\n")
    with pytest.raises(subprocess.TimeoutExpired):
        forks.run(program)
