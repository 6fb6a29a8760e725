import os
from pathlib import Path

import pytest

from testbed.sandbox import activated, clear_tool_settings, environment, find, run, tool_of
from testbed.tools import TOOLS


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("empty_listing.py", "none"),
        *((f"empty_listing_{tool}.py", tool) for tool in TOOLS),
        ("test_empty_listing_airflow.py", "airflow"),
        ("airflow_notes.py", "none"),
        ("stages_airflow.mmd", "none"),
    ],
)
def test_tool_is_the_end_of_the_name(name: str, tool: str) -> None:
    assert tool_of(Path(name)) == tool


def test_nothing_of_the_user_leaks_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://production.example/api")
    seen = environment(Path("night_dagster.py"), tmp_path)
    assert "PREFECT_API_URL" not in seen
    assert seen["DAGSTER_HOME"] == seen["HOME"] == str(tmp_path)


def test_what_was_entered_is_left(tmp_path: Path) -> None:
    before = dict(os.environ)
    with activated(Path("night_dagster.py"), tmp_path):
        assert os.environ["DAGSTER_HOME"] == str(tmp_path)
    assert dict(os.environ) == before


def test_the_user_s_settings_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = ("AIRFLOW__CORE__EXECUTOR", "AIRFLOW_HOME", "PREFECT_API_URL", "DAGSTER_HOME")
    for name in mine:
        monkeypatch.setenv(name, "production")
    clear_tool_settings()
    assert not [name for name in mine if name in os.environ]
    assert "PATH" in os.environ


def test_program_runs_in_a_folder_of_its_own(tmp_path: Path) -> None:
    program = tmp_path / "night.py"
    program.write_text("import os; print(os.path.samefile('.', os.environ['HOME']), os.listdir())")
    assert run(program).stdout == "True []\n"


def test_missing_program_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"no_course/no_such\.py"):
        find("no_course/no_such.py")
