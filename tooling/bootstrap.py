"""First run on a machine with only Python: get nox, then start again with it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".venv"
PYTHON = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements" / "nox.txt"
INSTALLED = HOME / "nox.lock"  # the lock that the environment was made from


def restart_with_nox() -> None:
    """Run this same command with nox from `.venv`, made here if it is missing."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older one meets first
        sys.exit(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.")
    if not is_current():
        make()
    command = [str(PYTHON), *sys.argv]
    if os.name == "nt":  # where the shell would not wait for what replaces this process
        sys.exit(subprocess.run(command).returncode)
    os.execv(PYTHON, command)  # so that signals and the exit code are nox's own


def is_current() -> bool:
    """Tell whether nox is installed as it is locked."""
    made = PYTHON.exists() and INSTALLED.exists()
    return made and INSTALLED.read_text() == LOCK.read_text()


def make() -> None:
    """Make the environment; what is printed for a program to read stays alone on stdout."""
    print(f"Setting up nox in {HOME.name}/ (once).", file=sys.stderr, flush=True)
    venv.create(HOME, with_pip=True, clear=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK)]
    subprocess.run(pip, check=True)
    INSTALLED.write_text(LOCK.read_text())  # last, so that a broken install is made again
