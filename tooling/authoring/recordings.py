"""Make and compare recordings: what a program, a lab or a diagram produces, kept next to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

from testbed.sandbox import LABS, PACKAGES, ROOT, SNIPPETS, find, in_project, run, tool_of

Run = Callable[..., CompletedProcess[str]]
RUN = partial(run, deny=True)  # in a recording there is nothing of the clock or the machine
TOOLING = Path(__file__).parents[1]  # which a notebook is run by, and no program can import
SUFFIXES = {".py": ".out", ".mmd": ".svg"}


class RecordingError(Exception):
    """A program that failed, so that what it printed is not worth keeping."""


def sources(tool: str) -> list[Path]:
    """List the programs of one tool; "none" has the tool-agnostic ones, diagrams and labs."""
    found = (path for path in (*SNIPPETS.rglob("*"), *LABS.iterdir()) if path.suffix in SUFFIXES)
    return sorted(path for path in found if tool_of(path) == tool and not is_part(path))


def is_part(path: Path) -> bool:
    """Tell a module that programs import, and a file of a project, from a program."""
    return in_project(path) or (path.parent / "__init__.py").exists()


def recording_of(source: Path, produced: str = "") -> Path:
    """Name the file that keeps what a source produces; JSON, if it is more than text."""
    if source.parent == LABS:
        return source.with_suffix(".ipynb")
    from tooling.course import screens, simulation  # the noxfile, which imports this, has only nox

    data = simulation.parsed(produced) or screens.parsed(produced)
    return source.with_suffix(".json" if data else SUFFIXES[source.suffix])


def produce(source: Path, run: Run = RUN) -> str:
    """Run a program or a notebook, or draw a diagram, and return what comes of it."""
    if source.suffix == ".mmd":
        from tooling.authoring.diagrams import (
            draw,  # only the environment that draws has the renderer
        )

        return draw(source)
    if source.parent == LABS:
        paths = os.pathsep.join([str(PACKAGES), str(TOOLING.parent)])
        result = run(source, "-m", "tooling.authoring.notebook", PYTHONPATH=paths)
    else:
        result = run(source)
    if result.returncode != 0:
        raise RecordingError(f"{relative(source)} exits {result.returncode}:\n{result.stderr}")
    return result.stdout


def record(paths: list[Path]) -> None:
    """Write the recordings of these sources."""
    from tooling.course import screens

    for source in paths:
        produced = produce(source)
        recording = recording_of(source, produced)
        for suffix in (".out", ".json"):  # it may have printed another kind of thing before
            source.with_suffix(suffix).unlink(missing_ok=True)
        if taken := screens.parsed(produced):
            screens.write(taken, recording)
        else:
            recording.write_text(as_recorded(produced), encoding="utf-8", newline="\n")
        print(f"recorded {relative(recording)}")


def as_recorded(produced: str) -> str:
    """Return what is kept of what a source produced: all of it, and a simulation frame by frame."""
    from tooling.course import simulation

    frames = simulation.parsed(produced)
    return f"{simulation.laid_out(frames)}\n" if frames else produced


def problem(source: Path, run: Run = RUN) -> str | None:
    """Say in one line what is wrong with a source's recording, and how to fix it."""
    produced = produce(source, run)
    recording = recording_of(source, produced)
    fix = f"python3 noxfile.py record {relative(source)}"
    if not recording.exists():
        return f"{relative(recording)} is missing; record it: {fix}"
    if not is_current(recording, produced):
        what = f"{relative(recording)} is stale, since its source now produces something else"
        return f"{what}; look at what changed, then record it: {fix}"
    return None


def is_current(recording: Path, produced: str) -> bool:
    """Tell whether a recording is what its source produces; of a screen, what can be read on it."""
    from tooling.course import screens

    if taken := screens.parsed(produced):
        kept = screens.parsed(recording.read_text(encoding="utf-8")) or {}
        there = all(screens.image_of(recording, name).is_file() for name in taken)
        return there and screens.words(kept) == screens.words(taken)
    return recording.read_bytes() == as_recorded(produced).encode()


def relative(path: Path) -> str:
    """Write a path as everybody reads it, from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    record([find(name) for name in sys.argv[1:]])
