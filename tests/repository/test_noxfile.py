"""The front door: nox reads it from anywhere, and what it lists is a menu."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from testbed.sandbox import ROOT
from tooling.changes.plan import SESSIONS

NOXFILE = ROOT / "noxfile.py"
WAYS = {
    "the file": [sys.executable, str(NOXFILE)],
    "an installed nox": [sys.executable, "-m", "nox", "--noxfile", str(NOXFILE)],
}
PLANNED = ["check", "build", "snippets", *("airflow", "prefect", "dagster", "argo")]
PLANNED += ["browser", "zensical"]
SESSION = re.compile(r"^([*-]) (\S+)(?: -> (.+))?$", re.M)


def nox(way: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run nox from another folder, with nothing of this environment."""
    env = {"PATH": os.environ["PATH"], "HOME": str(cwd), "NO_COLOR": "1"}
    return subprocess.run(
        [*WAYS[way], *arguments], cwd=cwd, env=env, capture_output=True, text=True
    )


def menu(way: str, cwd: Path) -> list[tuple[str, str, str]]:
    """Return each session that is listed: its mark, its name, its sentence."""
    run = nox(way, "--list", cwd=cwd)
    assert run.returncode == 0, run.stderr
    return SESSION.findall(run.stdout)


def test_both_ways_list_the_same(tmp_path: Path) -> None:
    assert menu("the file", tmp_path) == menu("an installed nox", tmp_path)


def test_each_session_has_a_sentence(tmp_path: Path) -> None:
    listed = menu("the file", tmp_path)
    assert {name for _, name, _ in listed} > {*PLANNED}
    assert not [name for _, name, sentence in listed if not re.match("[A-Z].*[^,;]$", sentence)]


@pytest.mark.parametrize("way", WAYS)
def test_everything_runs_by_default(way: str, tmp_path: Path) -> None:
    run = nox(way, "--list", "--json", cwd=tmp_path)
    assert [session["name"] for session in json.loads(run.stdout)] == ["everything"]


def test_everything_is_every_session_of_the_plan() -> None:
    [order] = [
        ast.literal_eval(node.value)
        for node in ast.parse(NOXFILE.read_text("utf-8")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LONGEST_FIRST"
    ]
    assert [*SESSIONS] == PLANNED
    assert sorted(order) == sorted(PLANNED)


def test_a_plan_is_printed_alone(tmp_path: Path) -> None:
    run = nox("the file", "changed", "HEAD", "--all", "--json", cwd=tmp_path)
    assert json.loads(run.stdout) == PLANNED


def test_an_unknown_commit_is_reported_in_one_line(tmp_path: Path) -> None:
    run = nox("the file", "changed", "no-such-commit", cwd=tmp_path)
    assert run.returncode == 1
    assert "Not a valid object name no-such-commit" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("name", ["run", "record", "exercise", "stack"])
def test_a_wrong_path_is_reported_in_one_line(name: str, tmp_path: Path) -> None:
    run = nox("an installed nox", "--session", name, "--", "no/such.py", cwd=tmp_path)
    assert run.returncode == 1
    [line] = [line for line in run.stderr.splitlines() if "such" in line]
    assert line.endswith("no/such.py: no such file here or in snippets/.")
    assert "Traceback" not in run.stderr


def test_a_command_takes_arguments_as_they_are(tmp_path: Path) -> None:
    run = nox("the file", "run", "no/such.py", "--no-such-option", cwd=tmp_path)
    assert "no/such.py: no such file" in run.stderr


@pytest.mark.parametrize("path", ["noxfile.py", "tooling/bootstrap.py"])
def test_an_old_python_can_read_what_tells_it_so(path: str) -> None:
    assert ast.parse((ROOT / path).read_text("utf-8"), feature_version=(3, 8)).body
