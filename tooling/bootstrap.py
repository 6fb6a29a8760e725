"""First run on a machine with only Python: get nox, then start again with it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".venv"
PYTHON = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements" / "nox.txt"


def restart_with_nox() -> None:
    """Run this same command with nox from `.venv`, made here if it is missing."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older one meets first
        sys.exit(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.")
    installed = HOME / "nox.lock"
    if not installed.exists() or installed.read_text() != LOCK.read_text():
        print(f"Setting up nox in {HOME.name}/ (once).", flush=True)
        venv.create(HOME, with_pip=True, clear=True)
        subprocess.run(
            [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK], check=True
        )
        installed.write_text(LOCK.read_text())  # last, so that a broken install is made again
    nox = subprocess.Popen([PYTHON, *sys.argv])
    while nox.poll() is None:
        with suppress(KeyboardInterrupt):  # Ctrl-C is for nox, which has its own to end
            nox.wait()
    sys.exit(nox.returncode)
