"""Starts Dagster's own UI on loopback, alone or with the daemon that runs schedules."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from testbed.sandbox import environment, find
from testbed.supervisor import free_port, supervised, wait_for_interrupt
from testbed.tools import DAGSTER

# Or its page would ask its maker for a script, and the reader for an address.
SETTINGS = "telemetry:\n  enabled: false\nnux:\n  enabled: false\n"


@contextmanager
def webserver(*programs: Path) -> Iterator[str]:
    """Serve Dagster's UI for these programs and the instance of `DAGSTER_HOME`; give its URL."""
    with served("dagster_webserver", Path(os.environ["DAGSTER_HOME"]), 0, *programs) as url:
        yield url


@contextmanager
def served(command: str, home: Path, port: int, *programs: Path) -> Iterator[str]:
    """Run a command that serves the UI until the block ends."""
    (home / "dagster.yaml").write_text(SETTINGS, encoding="utf-8")
    found = free_port(port)
    where = (
        "-h",
        "127.0.0.1",
        "-p",
        str(found),
        *(part for one in programs for part in ("-f", one)),
    )
    with supervised("dagster-") as supervisor:
        env = environment(home / "any_dagster.py", home)
        start = [sys.executable, "-m", *command.split(), *map(str, where)]
        supervisor.launch(start, env, supervisor.home / "dagster.log")
        url = f"http://127.0.0.1:{found}"
        supervisor.wait_for("Dagster's UI", lambda: urlopen(f"{url}/server_info", timeout=30))
        yield url


def main(programs: list[Path]) -> None:
    """Keep Dagster up for a reader until Ctrl-C, after each program has run once in its home."""
    print("Starting Dagster; this takes half a minute.", flush=True)
    with suppress(KeyboardInterrupt), TemporaryDirectory() as folder:
        home = Path(folder)
        for program in programs:
            env = environment(program, home)
            subprocess.run([sys.executable, program], env=env, cwd=home, capture_output=True)
        with served("dagster dev", home, DAGSTER.port, *programs) as url:
            print(f"{url}  no password; Ctrl-C takes it down", flush=True)
            wait_for_interrupt()


if __name__ == "__main__":
    main([find(name) for name in sys.argv[1:]])
