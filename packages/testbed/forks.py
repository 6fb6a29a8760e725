"""Runs a tool's programs in forks of one process that has imported the tool.

The import takes a program seconds, which is more than most then work. Tests save it; whoever
runs a program by hand gives it a process of its own, by `testbed.sandbox`.
"""

from __future__ import annotations

import atexit
import os
import runpy
import shutil
import subprocess
import sys
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple
from unittest.mock import patch

from testbed.denied import VARIABLE, deny
from testbed.sandbox import (
    LIMIT,
    ROOT,
    activate,
    denials,
    environment,
    failed_if_denied,
    tool_of,
    working_directory,
)

PRELOADED = {  # what the programs of a tool would each import, or make
    "airflow": "testbed.preloaded.airflow",
    "dagster": "testbed.preloaded.dagster",
    "prefect": "prefect.main",
    "argo": "hera.workflows",
}
PATH = sys.path[1:]  # in an ancestor, which imports this first: that of a process of its own


class Ancestor(NamedTuple):
    """The process that the forks of a tool come from, and the folder that they have in turn."""

    context: ForkServerContext
    folder: Path

    @property
    def home(self) -> Path:
        """Name the home of every fork: what a tool has read of its environment stays true."""
        return self.folder / "home"


@cache
def ancestor(tool: str) -> Ancestor:
    """Start the process that imports a tool; it ends with this one."""
    started = Ancestor(get_context("forkserver"), Path(mkdtemp()))
    atexit.register(shutil.rmtree, started.folder, ignore_errors=True)
    started.home.mkdir()
    started.context.set_forkserver_preload([__name__, PRELOADED[tool]])
    env = environment(Path(f"any_{tool}.py"), started.home)
    for name in ("COLUMNS", "LINES"):  # readline sets them where os.environ does not see it
        os.unsetenv(name)
    with patch.dict(os.environ, env, clear=True):
        forkserver.ensure_running()
    return started


def run(program: Path, *, deny: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a program in a fork, in a sandbox of its own, as `testbed.sandbox.run` does."""
    context, folder = started = ancestor(tool_of(program))
    home, said = started.home, [folder / "stdout", folder / "stderr"]
    shutil.rmtree(home)
    home.mkdir()
    env, work = environment(program, home), home
    if deny:
        work = working_directory(home)
        env |= denials(program, home, env["PYTHONPATH"])
    fork = context.Process(target=play, args=(program, env, work, said))
    fork.start()
    fork.join(LIMIT)
    if fork.exitcode is None:
        fork.kill()
        raise subprocess.TimeoutExpired(str(program), LIMIT)
    out, err = (path.read_text(encoding="utf-8") for path in said)
    ended = subprocess.CompletedProcess(str(program), fork.exitcode, out, err)
    return failed_if_denied(ended, program, home) if deny else ended


def play(program: Path, env: dict[str, str], work: Path, said: list[Path]) -> None:
    """Be the program: its output, its folder, its path, its environment."""
    for number, path in enumerate(said, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.chdir(work)
    sys.argv = [str(program)]
    sys.path[:] = [str(program.parent), *PATH]
    activate(env)
    if VARIABLE in env:
        deny(str(program), env["HOME"], str(ROOT))
    runpy.run_path(str(program), run_name="__main__")
