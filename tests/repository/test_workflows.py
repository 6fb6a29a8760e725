"""What the workflows may do, and that their own decisions are right."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from testbed.sandbox import ROOT
from testbed.tools import TOOLS
from tooling.changes.plan import ALWAYS, SESSIONS

PATHS = sorted(ROOT.glob(".github/workflows/*.y*ml"))
WORKFLOWS = {path.name: yaml.safe_load(path.read_text("utf-8")) for path in PATHS}
JOBS = {(name, job): spec for name, flow in WORKFLOWS.items() for job, spec in flow["jobs"].items()}
STEPS = [(*where, step) for where, job in JOBS.items() for step in job["steps"]]


def events(workflow: dict[Any, Any]) -> set[str]:
    """Return the events that start a workflow; YAML reads its key `on` as true."""
    return set(workflow[True])


def script(workflow: str, job: str, name: str) -> str:
    """Return the shell script of the step with this name."""
    steps = JOBS[workflow, job]["steps"]
    return next(step["run"] for step in steps if step.get("name") == name)


def sh(text: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a runner does: bash that stops at the first error."""
    return subprocess.run(
        ["bash", "-e", "-c", text], cwd=cwd, env=os.environ | env, capture_output=True, text=True
    )


def test_zizmor_finds_nothing() -> None:
    zizmor = shutil.which("zizmor", path=sysconfig.get_path("scripts"))
    assert zizmor, "zizmor is not installed beside this Python"
    command = [zizmor, "--offline", "--pedantic", "--no-ignores", "--strict-collection"]
    run = subprocess.run([*command, ".github"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "No findings to report" in run.stdout


def test_these_workflows_exist() -> None:
    assert set(WORKFLOWS) == {"check.yml", "publish.yml", "watch.yml", "links.yml"}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_and_say_their_version(path: Path) -> None:
    uses = re.findall(r"uses:(.*)", path.read_text("utf-8"))
    assert uses
    for action in uses:
        assert re.fullmatch(r" actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_an_action_has_one_version_everywhere() -> None:
    pins = {step["uses"] for *_, step in STEPS if "uses" in step}
    assert len({pin.split("@")[0] for pin in pins}) == len(pins), sorted(pins)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_starts_with_no_permission(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {}


def test_only_named_jobs_may_write() -> None:
    writes = {
        (*where, scope)
        for where, job in JOBS.items()
        for scope, access in job["permissions"].items()
        if access != "read"
    }
    assert writes == {
        ("publish.yml", "deploy", "pages"),
        ("publish.yml", "deploy", "id-token"),
        ("links.yml", "report", "issues"),
    }


def test_a_job_that_writes_neither_checks_out_nor_runs_our_code() -> None:
    for name, job, step in STEPS:
        if (name, job) in {("publish.yml", "deploy"), ("links.yml", "report")}:
            assert "checkout" not in step.get("uses", "")
            assert "noxfile.py" not in step.get("run", "")


def test_events_are_the_safe_ones() -> None:
    by_hand_or_by_the_clock = {"schedule", "workflow_dispatch"}
    assert events(WORKFLOWS["check.yml"]) == {"pull_request", "push", *by_hand_or_by_the_clock}
    assert events(WORKFLOWS["publish.yml"]) == {"push", "workflow_dispatch"}
    assert events(WORKFLOWS["links.yml"]) == by_hand_or_by_the_clock
    assert events(WORKFLOWS["watch.yml"]) == by_hand_or_by_the_clock


def test_only_the_default_branch_is_published() -> None:
    jobs = WORKFLOWS["publish.yml"]["jobs"]
    default = "github.ref == format('refs/heads/{0}', github.event.repository.default_branch)"
    assert jobs["build"]["if"] == default
    assert jobs["deploy"]["needs"] == "build"


def test_no_secret_and_no_cache_is_used() -> None:
    for path in PATHS:
        assert not re.search(r"\bsecrets\b|actions/cache|\bcache:", path.read_text("utf-8")), path


def test_every_job_ends_in_time() -> None:
    assert [where for where, job in JOBS.items() if "timeout-minutes" not in job] == []


def test_every_checkout_drops_its_credentials() -> None:
    checkouts = [step for *_, step in STEPS if "actions/checkout@" in step.get("uses", "")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_scripts_take_values_from_the_environment() -> None:
    assert [where for *where, step in STEPS if "${{" in step.get("run", "")] == []


def test_python_is_the_floor_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    used = {step["with"]["python-version"] for *_, step in STEPS if "setup-python" in str(step)}
    assert {f">={version}" for version in used} == {project["requires-python"]}


def test_a_pull_request_is_held_against_its_base_and_all_else_runs_everything() -> None:
    changed = WORKFLOWS["check.yml"]["env"]["CHANGED"]
    assert changed == "${{ github.event_name == 'pull_request' && 'HEAD^1' || '--all' }}"


def test_each_planned_session_is_a_job() -> None:
    job = JOBS["check.yml", "session"]
    assert job["strategy"]["matrix"] == {"session": "${{ fromJSON(needs.plan.outputs.sessions) }}"}
    runs = [(step["run"], step.get("env")) for step in job["steps"] if "noxfile.py" in str(step)]
    command = 'python3 noxfile.py changed "$CHANGED" --only "$SESSION"'
    assert runs[0] == (command, {"SESSION": "${{ matrix.session }}"})


def plan(tmp_path: Path, changed: str) -> tuple[int, str]:
    """Run the step that plans, here; return its exit code and the output that it sets."""
    (output := tmp_path / "output").touch()
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    env = {"PATH": path, "CHANGED": changed, "GITHUB_OUTPUT": str(output)}
    run = sh(script("check.yml", "plan", "Which sessions?"), ROOT, **env)
    return run.returncode, output.read_text()


def test_everything_is_every_session(tmp_path: Path) -> None:
    assert plan(tmp_path, "--all") == (0, f"sessions={json.dumps(SESSIONS)}\n")


def test_without_a_plan_the_step_fails(tmp_path: Path) -> None:
    assert plan(tmp_path, "no-such-commit") == (1, "")


def test_green_waits_for_every_other_job() -> None:
    jobs = WORKFLOWS["check.yml"]["jobs"]
    assert set(jobs["green"]["needs"]) == set(jobs) - {"green"}
    assert jobs["green"]["if"] == "always()"
    env = str(jobs["green"]["steps"][0]["env"])
    assert set(re.findall(r"needs\.(\w+)\.result", env)) == set(jobs) - {"green"}


ALL, FEW = json.dumps(SESSIONS), json.dumps(ALWAYS)


@pytest.mark.parametrize(
    ("results", "sessions", "green"),
    [
        ("success success", ALL, True),
        ("success success", FEW, True),
        *((f"success {result}", ALL, False) for result in ("failure", "cancelled", "skipped")),
        *((f"{result} skipped", "", False) for result in ("failure", "cancelled", "skipped")),
        ("failure success", ALL, False),
        ("success success", "", False),
        ("success success", "[]", False),
        ("success success", '["check"]', False),
        ("success success", '["airflow"]', False),
        ("success skipped", "[]", False),
    ],
)
def test_green_means_green(tmp_path: Path, results: str, sessions: str, green: bool) -> None:
    gate = script("check.yml", "green", "Everything that had to run succeeded")
    run = sh(gate, tmp_path, RESULTS=results, SESSIONS=sessions)
    assert (run.returncode == 0) is green, run.stdout


def test_each_canary_is_a_session() -> None:
    tools = JOBS["watch.yml", "watch"]["strategy"]["matrix"]["tool"]
    assert set(tools) == set(TOOLS)
    prove = script("watch.yml", "watch", "Prove every claim again")
    assert """python3 noxfile.py "canary(tool='$TOOL')" """ in prove
    nox = [sys.executable, "-m", "nox", "--list"]
    listed = subprocess.run(nox, cwd=ROOT, capture_output=True, text=True).stdout
    assert not [tool for tool in tools if f"- canary(tool='{tool}') ->" not in listed]
