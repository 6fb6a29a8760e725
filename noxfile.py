"""Every command that a person or CI runs.

`python3 noxfile.py` passes the tests, `python3 noxfile.py serve` opens the site; both set
themselves up on a machine with only git and Python 3.11. With nox installed, `nox` does the same.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PACKAGES = ROOT / "packages"
sys.path[:0] = [str(ROOT), str(PACKAGES)]  # where an installed nox does not look

try:
    import nox
except ModuleNotFoundError:
    from tooling.bootstrap import restart_with_nox

    restart_with_nox()

from testbed.sandbox import find, tool_of
from testbed.tools import NONE, TOOLS
from tooling.authoring import exercise as exercises
from tooling.authoring import recordings
from tooling.changes import plan
from tooling.changes.since import BaseError
from tooling.changes.together import run_together
from tooling.site import runtime

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"

GROUPS = nox.project.load_toml(str(ROOT / "pyproject.toml"))["dependency-groups"]
SITE = Path("site")
# What each tool's session runs: first what takes one process long, last the many short files.
TESTS = ("tests/content", "tests/packages", "tests/labs", "tests/snippets", "tests/diagnose")
# Plugins that no test of `check` needs; each process would be a second in importing them.
UNUSED = ("-p", "no:playwright", "-p", "no:hypothesispytest")
TWO_AT_A_TIME = ("-n2", "--dist=worksteal")
# They wait for servers a third of the time. In the order given, long files do not come last.
THREE_FILES_AT_A_TIME = ("-n3", "--dist=loadfile", "--no-loadscope-reorder")
# The one that keeps both cores busy by itself ends alone.
LONGEST_FIRST = (
    "airflow",
    "prefect",
    "check",
    "dagster",
    "snippets",
    "zensical",
    "build",
    "argo",
    "browser",
)
DOWNLOADED = ".build/packages"  # from which the runtime is taken


def install(session: nox.Session, group: str) -> None:
    """Install the locked packages of one dependency group, and set what every command wants."""
    session.env["UV_PYTHON_DOWNLOADS"] = "never"  # the Python that started nox is the one to use
    session.env["UV_SYSTEM_CERTS"] = "1"  # where a company has its own, pip knows it, uv must ask
    session.env["UV_COMPILE_BYTECODE"] = str(int(group in TOOLS))  # or each of its programs would
    session.env["PYTHONPATH"] = str(PACKAGES)
    session.env["SOURCE_DATE_EPOCH"] = os.environ.get("SOURCE_DATE_EPOCH") or last_commit_time()
    session.install("--require-hashes", "-r", f"requirements/{group}.txt")


def last_commit_time() -> str:
    """Seconds since 1970 of the last commit, so that two builds of it are byte-identical."""
    git = subprocess.run(["git", "log", "-1", "--format=%ct"], capture_output=True, text=True)
    return git.stdout.strip() or "0"


def add_runtime(session: nox.Session) -> None:
    """Get Python for the browser, once; a machine that cannot has pages without Run."""
    if runtime.intact(runtime.HOME):
        return
    locked = ("--require-hashes", "--no-deps", "-r", "requirements/runtime.txt")
    missing = [] if os.environ.get("CI") else [1, 2]  # where we publish, it must be there
    session.install("--target", DOWNLOADED, *locked, success_codes=[0, *missing])
    session.run_install("python", "-m", "tooling.site.runtime", DOWNLOADED)


@nox.session(venv_backend="none")
def everything(session: nox.Session) -> None:
    """Run all that a pull request must pass: these nine sessions, two at a time."""
    together(session, dict.fromkeys(plan.SESSIONS, ()))


def together(session: nox.Session, sessions: Mapping[str, Iterable[str]]) -> None:
    """Set sessions up one after the other, as some share what they make, and run them together."""
    command = (sys.executable, "-m", "nox", "--noxfile", __file__)
    session.run(*command, "--install-only", "--session", *sessions, external=True)
    longest_first = sorted(sessions, key=LONGEST_FIRST.index)
    if failed := run_together(command, {name: sessions[name] for name in longest_first}):
        session.error(f"{', '.join(failed)} failed")


@nox.session(default=False)
def serve(session: nox.Session) -> None:
    """Open the site at http://127.0.0.1:8000/ with live reload."""
    install(session, "site")
    add_runtime(session)
    session.run("python", "-m", "tooling.site.serve", *session.posargs)


@nox.session(default=False)
def check(session: nox.Session) -> None:
    """Check all content, our own code and the workflows; no orchestrator needed."""
    install(session, "test")
    session.run("python", "-m", "tooling.rules.check")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    tests = ("tests/tooling", "tests/repository")
    session.run("pytest", *UNUSED, *(session.posargs or [*tests, *TWO_AT_A_TIME]))


@nox.session(default=False)
def build(session: nox.Session) -> None:
    """Check the content and write the site to site/ (EDITION=free or full)."""
    install(session, "site")
    add_runtime(session)
    session.run("python", "-m", "tooling.rules.check")
    session.run("python", "-m", "tooling.site.build", "build", str(SITE))


def run_tests(session: nox.Session, group: str, tool: str) -> None:
    """Test the programs, the fences and the names of one tool in its environment."""
    install(session, group)
    session.run("pytest", f"--tool={tool}", *(session.posargs or [*TESTS, *THREE_FILES_AT_A_TIME]))


@nox.session(default=False)
def snippets(session: nox.Session) -> None:
    """Run the teaching orchestrator, every tool-agnostic snippet, and what its chapter promises."""
    run_tests(session, "test", NONE)


@nox.session(default=False)
def airflow(session: nox.Session) -> None:
    """Run every Airflow snippet and its promises against real Airflow."""
    run_tests(session, "airflow", "airflow")


@nox.session(default=False)
def prefect(session: nox.Session) -> None:
    """Run every Prefect snippet and its promises against real Prefect."""
    run_tests(session, "prefect", "prefect")


@nox.session(default=False)
def dagster(session: nox.Session) -> None:
    """Run every Dagster snippet and its promises against real Dagster."""
    run_tests(session, "dagster", "dagster")


@nox.session(default=False)
def argo(session: nox.Session) -> None:
    """Check every Argo snippet against Argo's own schemas."""
    run_tests(session, "argo", "argo")


@nox.session(default=False)
def browser(session: nox.Session) -> None:
    """Read the built site in a real browser, and hold the two editions apart."""
    install(session, "test")
    add_runtime(session)
    site = ".build/site"  # the free edition in a sub-path: what the world reads
    published = {"EDITION": "free", "SITE_URL": "http://127.0.0.1/course/"}
    session.run("python", "-m", "tooling.site.build", "build", site, env=published)
    session.run(
        "pytest", *(session.posargs or ["tests/site", *TWO_AT_A_TIME]), env={"SITE_DIR": site}
    )


@nox.session(default=False)
def zensical(session: nox.Session) -> None:
    """Build the same sources with Zensical and list what differs."""
    install(session, "zensical")
    session.run("python", "-m", "tooling.site.zensical", *session.posargs)


@nox.session(default=False, venv_backend="none")
def changed(session: nox.Session) -> None:
    """Run only what a change can affect: `changed [<base>]`; with --list, say what and why."""
    wanted = plan.options(session.posargs)
    try:
        parts = plan.plan_for(wanted)
    except BaseError as error:
        session.error(str(error))
    print(plan.written(parts, wanted.json), flush=True)
    if parts and not (wanted.list or wanted.json):
        together(session, {name: arguments_of(part) for name, part in parts.items()})


def arguments_of(part: plan.Part) -> list[str]:
    """Give pytest what a change can affect, in several processes where it is more than one test."""
    side_by_side = TWO_AT_A_TIME if part.session == "browser" else THREE_FILES_AT_A_TIME
    return [*part.arguments, *(side_by_side if len(part.arguments) > 1 else ())]


@nox.session(default=False)
def new(session: nox.Session) -> None:
    """Scaffold a term, symptom, chapter, snippet, exercise or lab: `new term <term>`."""
    install(session, "site")
    session.run("python", "-m", "tooling.authoring.scaffold", *session.posargs)


@nox.session(default=False, venv_backend="none")
def run(session: nox.Session) -> None:
    """Run a snippet or a lab in the environment of its tool: `run <course>/<chapter>/<idea>.py`."""
    if not session.posargs:
        session.error("Name a program: python3 noxfile.py run <course>/<chapter>/<idea>.py")
    run_for_each_tool(session, "testbed.sandbox", found(session))


@nox.session(default=False, venv_backend="none")
def exercise(session: nox.Session) -> None:
    """Copy an exercise to work/, or grade it: `exercise <course>/<chapter>/<idea> [--check]`."""
    try:
        found = exercises.named(session.posargs)
    except exercises.ExerciseError as error:
        session.error(str(error))
    tool = tool_of(found)
    if exercises.CHECK not in session.posargs:
        print(exercises.hand_out(found), flush=True)
    else:
        environment = "snippets" if tool == NONE else tool
        run_with(session, environment, "tooling.authoring.exercise", session.posargs)


@nox.session(default=False, venv_backend="none")
def record(session: nox.Session) -> None:
    """Refresh what a snippet or a lab shows, or how a diagram looks: `record <path>`, or all."""
    every = [source for tool in (NONE, *TOOLS) for source in recordings.sources(tool)]
    run_for_each_tool(session, "tooling.authoring.recordings", found(session) or every)


@nox.session(default=False, venv_backend="none")
def stack(session: nox.Session) -> None:
    """Bring a tool up with its UI, for the named snippets of that tool, until Ctrl-C."""
    programs = found(session)
    tools = {tool_of(program) for program in programs} or {"airflow"}
    if len(tools) > 1 or not all(tool in TOOLS and TOOLS[tool].stack for tool in tools):
        session.error("Name snippets of one tool: Airflow, Prefect or Dagster")
    [tool] = tools
    run_with(session, tool, TOOLS[tool].stack, programs)


def found(session: nox.Session) -> list[Path]:
    """Find the sources that a command names, before an environment is made for them."""
    try:
        return [find(name) for name in session.posargs]
    except FileNotFoundError as error:
        session.error(str(error))


def run_for_each_tool(session: nox.Session, module: str, sources: list[Path]) -> None:
    """Run a module on sources, with the tool of each, since no environment has them all."""
    for tool in sorted({tool_of(source) for source in sources}):
        own = [source for source in sources if tool_of(source) == tool]
        run_with(session, "snippets" if tool == NONE else tool, module, own)


def run_with(
    session: nox.Session, environment: str, module: str, arguments: Iterable[Path | str]
) -> None:
    """Run a module with the Python of another session, whose environment is made if need be."""
    command = [sys.executable, "-m", "nox", "--noxfile", __file__, "--install-only"]
    session.run(*command, "--session", environment, external=True, silent=True)
    bin_ = ROOT / ".nox" / environment / ("Scripts" if os.name == "nt" else "bin")
    command = [str(bin_ / "python"), "-m", module, *map(str, arguments)]
    session.run(*command, env={"PYTHONPATH": str(PACKAGES)}, external=True)


@nox.session(default=False)
@nox.parametrize("tool", list(TOOLS))
def canary(session: nox.Session, tool: str) -> None:
    """Run the proofs against the newest releases, unlocked: which claims have moved?"""
    newest = [re.match(r"[\w.-]+(\[[\w,-]+\])?", wanted)[0] for wanted in GROUPS[tool]]
    install(session, tool)  # what the newest does not ask for stays as it is known to work
    session.install("--upgrade", *newest)
    session.run("pytest", f"--tool={tool}", *(session.posargs or TESTS))


@nox.session(default=False)
def links(session: nox.Session) -> None:
    """Follow every outgoing link of the built site (needs the network)."""
    install(session, "site")
    session.run("python", "-m", "tooling.site.build", "build", str(SITE))
    install(session, "links")
    session.run("linkchecker", "--check-extern", "--no-robots", str(SITE / "index.html"))


@nox.session(default=False, venv_backend="none")
def synthetic(session: nox.Session) -> None:
    """Write a course of the final size to .build/synthetic, to measure on: `synthetic [folder]`."""
    run_with(session, "build", "tooling.authoring.synthetic", session.posargs)


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Resolve every dependency group again and write requirements/ with hashes, no hosts."""
    session.install("uv")
    for group in session.posargs or GROUPS:
        session.run(
            *("uv", "pip", "compile", "--quiet", "--upgrade", "--universal", "--generate-hashes"),
            *("--python-version", "3.11", "--group", f"pyproject.toml:{group}"),
            *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header"),
            *(["--no-deps"] if group == "runtime" else []),  # only files are taken from it
            *("--output-file", f"requirements/{group}.txt"),
        )


if __name__ == "__main__":
    from nox.__main__ import main

    arguments = sys.argv[1:]
    if arguments and not arguments[0].startswith("-"):
        arguments = ["--session", arguments[0], "--", *arguments[1:]]
    sys.argv[1:] = ["--noxfile", __file__, *arguments]
    main()
