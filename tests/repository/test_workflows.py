"""What the workflows may do, and that their own decisions are right."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from testbed.sandbox import ROOT

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
    assert events(WORKFLOWS["check.yml"]) == {"pull_request", "push", "workflow_dispatch"}
    assert events(WORKFLOWS["publish.yml"]) == {"push", "workflow_dispatch"}
    assert events(WORKFLOWS["links.yml"]) == {"schedule", "workflow_dispatch"}


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


def default_sessions() -> set[str]:
    """Return what `nox` runs without arguments: the sessions that do not say `default=False`."""
    tree = ast.parse((ROOT / "noxfile.py").read_text("utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    written = {one.name: [ast.unparse(by) for by in one.decorator_list] for one in functions}
    return {name for name, by in written.items() if "nox.session" in by}


def test_a_pull_request_runs_what_nox_runs() -> None:
    runs = [step["run"] for name, _, step in STEPS if name == "check.yml" and "run" in step]
    named = {word for run in runs for word in re.findall(r"^python3 noxfile\.py (\w+)$", run)}
    tools = JOBS["check.yml", "tools"]["strategy"]["matrix"]["tool"]
    assert 'python3 noxfile.py "$TOOL"' in runs
    assert named | set(tools) == default_sessions()


def test_green_waits_for_every_other_job() -> None:
    jobs = WORKFLOWS["check.yml"]["jobs"]
    assert set(jobs["green"]["needs"]) == set(jobs) - {"green"}
    assert jobs["green"]["if"] == "always()"
    env = str(jobs["green"]["steps"][0]["env"])
    assert set(re.findall(r"needs\.(\w+)\.result", env)) == set(jobs) - {"green"}


@pytest.mark.parametrize(
    ("always", "code", "prose_only", "green"),
    [
        ("success success success success", "success success", "false", True),
        ("success success success success", "skipped skipped", "true", True),
        ("success success success success", "skipped skipped", "false", False),
        ("success success success success", "skipped skipped", "", False),
        ("success success success success", "success failure", "false", False),
        ("success success success success", "cancelled success", "false", False),
        ("success failure success success", "success success", "false", False),
        ("success success skipped success", "skipped skipped", "true", False),
        ("success success success cancelled", "success success", "false", False),
        ("failure success success success", "skipped skipped", "", False),
    ],
)
def test_green_means_green(
    tmp_path: Path, always: str, code: str, prose_only: str, green: bool
) -> None:
    gate = script("check.yml", "green", "Everything that had to run succeeded")
    run = sh(gate, tmp_path, ALWAYS=always, CODE=code, PROSE_ONLY=prose_only)
    assert (run.returncode == 0) is green, run.stdout


def pull_request(folder: Path, before: list[str], after: list[str]) -> None:
    """Make a repository whose HEAD merges a branch that moves `before` to `after`."""

    def git(*args: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True)

    def commit(paths: list[str]) -> None:
        for path in paths:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text("the same text, so that git sees a rename\n" * 9)
        git("add", "--all")
        git("commit", "--allow-empty", "--message", "commit")

    git("init", "--initial-branch", "main")
    commit(["README.md", *before])
    git("switch", "--create", "change")
    for path in before:
        (folder / path).unlink()
    commit(after)
    git("switch", "main")
    commit(["tooling/meanwhile.py"])  # what the base gained is not the pull request's doing
    git("merge", "--no-ff", "--no-edit", "change")


@pytest.mark.parametrize(
    ("before", "after", "prose_only"),
    [
        ([], ["docs/glossary/task.md", "CONTRIBUTING.md"], "true"),
        (["docs/old.md"], ["docs/new.md"], "true"),
        ([], ["docs/glossary/task.md", "snippets/a/b/c.py"], "false"),
        ([], ["snippets/a/b/notes.md"], "false"),
        ([], ["tests/faults/broken.md"], "false"),
        ([], ["mkdocs.yml"], "false"),
        ([], ["docs/assets/scripts/main.mjs"], "false"),
        ([], ["docs/page.md.py"], "false"),
        (["snippets/a/b/c.py"], ["docs/c.md"], "false"),  # a rename takes a program away
        ([], [], "false"),
    ],
)
def test_prose_only_is_told_by_the_paths(
    tmp_path: Path, before: list[str], after: list[str], prose_only: str
) -> None:
    (folder := tmp_path / "repo").mkdir()
    pull_request(folder, before, after)
    output = tmp_path / "output"
    env = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_OUTPUT": str(output)}
    run = sh(script("check.yml", "changes", "Is it prose only?"), folder, **env)
    assert run.returncode == 0, run.stderr
    assert output.read_text() == f"prose_only={prose_only}\n"


def test_a_push_tests_everything(tmp_path: Path) -> None:
    output = tmp_path / "output"
    env = {"GITHUB_EVENT_NAME": "push", "GITHUB_OUTPUT": str(output)}
    sh(script("check.yml", "changes", "Is it prose only?"), tmp_path, **env).check_returncode()
    assert output.read_text() == "prose_only=false\n"


def test_a_diff_that_fails_is_not_taken_for_prose(tmp_path: Path) -> None:
    output = tmp_path / "output"
    env = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_OUTPUT": str(output)}
    run = sh(script("check.yml", "changes", "Is it prose only?"), tmp_path, **env)
    assert run.returncode != 0
    assert not output.exists()
