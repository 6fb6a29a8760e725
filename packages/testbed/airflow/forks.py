"""Runs Airflow's programs in forks of one process that has imported Airflow.

The import takes a program four seconds, which is more than most then work. Tests save it; whoever
runs a program by hand gives it a process of its own, by `testbed.sandbox`.
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import TemporaryDirectory

from testbed import denied
from testbed.sandbox import LIMIT, ROOT, activated, denials, failed_if_denied, working_directory

IMPORTED = [  # what Airflow itself imports only when a Dag is run, or ticked
    "airflow.api_fastapi.execution_api.routes",
    "airflow.sdk.execution_time.supervisor",
    "airflow.sdk.execution_time.task_runner",
    "testbed.airflow.installation",
]


@cache
def ancestor() -> ForkServerContext:
    """Name the process that the forks come from; the first of them starts it."""
    context = get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    return context


def run(program: Path, *, deny: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a program in a fork, in a sandbox of its own, as `testbed.sandbox.run` does."""
    with TemporaryDirectory() as temporary:
        home = Path(temporary)
        out, err = home / "stdout", home / "stderr"
        fork = ancestor().Process(target=play, args=(program, home, out, err, deny))
        fork.start()
        fork.join(LIMIT)
        if fork.exitcode is None:
            fork.kill()
            raise subprocess.TimeoutExpired(str(program), LIMIT)
        said = (path.read_text(encoding="utf-8") for path in (out, err))
        ended = subprocess.CompletedProcess(str(program), fork.exitcode, *said)
        return failed_if_denied(ended, program, home) if deny else ended


def play(program: Path, home: Path, out: Path, err: Path, deny: bool) -> None:
    """Be the program: its environment, its folder, its output."""
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    os.chdir(working_directory(home) if deny else home)
    sys.argv = [str(program)]
    sys.path.insert(0, str(program.parent))
    with activated(program, home):
        if deny:
            os.environ.update(denials(program, home, os.environ["PYTHONPATH"]))
            denied.deny(str(program), str(home), str(ROOT))
        runpy.run_path(str(program), run_name="__main__")
