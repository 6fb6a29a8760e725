"""Sessions side by side, each in a process of its own: many wait for servers half of the time."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

from testbed.sandbox import ROOT

AT_ONCE = 2
LOGS = ROOT / ".build" / "logs"  # what each session has printed so far, for who cannot wait


class Ended(NamedTuple):
    """A session that has ended: its exit code, its seconds, and what it printed."""

    session: str
    code: int
    seconds: float
    log: Path

    def __str__(self) -> str:
        """Say how it ended and how long it took."""
        minutes, seconds = divmod(round(self.seconds), 60)
        return f"{self.session} {'failed' if self.code else 'passed'} in {minutes} min {seconds} s"


def run_together(nox: Iterable[str], sessions: Mapping[str, Iterable[str]]) -> list[str]:
    """Run sessions with their arguments, two at a time; return the names of those that failed.

    nox: the command that runs it. They start in the order given, so the longest comes first; each
    is printed whole when it has ended, because two that print at once cannot be read.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    print(f"Two sessions run at a time; {LOGS.relative_to(ROOT)}/ has their output so far.")
    ended = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = [pool.submit(run, nox, name, given) for name, given in sessions.items()]
        for one in as_completed(begun):
            ended.append(one.result())
            print(ended[-1].log.read_text(encoding="utf-8"), ended[-1], sep="", flush=True)
    print(*ended, sep="\n", flush=True)
    return [one.session for one in ended if one.code]


def run(nox: Iterable[str], session: str, arguments: Iterable[str]) -> Ended:
    """Run one session to its end, with its output in a file."""
    began, log = time.monotonic(), LOGS / f"{session}.txt"
    print(f"{session} begins", flush=True)
    command = [*nox, "--session", session, "--", *arguments]
    with log.open("wb") as output:
        ran = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT)
    return Ended(session, ran.returncode, time.monotonic() - began, log)
