"""What Python in the browser does at each press: run a program as if it were alone, or grade it."""

import json
import linecache
import os
import runpy
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import TracebackType

# What stays between two programs; what one of them imports or configures, the next does not see.
KEPT = {name for name in sys.modules if name.partition(".")[0] not in ("logging", "random")}
KEPT.update(sys.builtin_module_names)
FOLDERS = (f"/run/{number}" for number in count(1))


@contextmanager
def alone(name: str, code: str) -> Iterator[None]:
    """Put a program into an empty folder, and forget at the end what it imported."""
    folder = Path(next(FOLDERS))
    folder.mkdir(parents=True)
    os.chdir(folder)
    Path(name).write_bytes(code.encode())
    linecache.clearcache()
    sys.stdout.reconfigure(line_buffering=True)
    try:
        yield
    finally:
        sys.stdout.flush()
        for module in set(sys.modules) - KEPT:
            del sys.modules[module]


def run(name: str, code: str) -> bool:
    """Run a program; return whether it ended well."""
    with alone(name, code):
        return ended_well(name)


def grade(name: str, code: str, exercise: str) -> str:
    """Grade a program by its exercise; return what the grader says, as JSON."""
    with alone(name, code):
        from grading import Exercise

        verdict = Exercise(name, exercise).grade(code, name)
        print(verdict.trace, end="", file=sys.stderr)
        return json.dumps({"passed": verdict.passed, "says": verdict.says})


def ended_well(name: str) -> bool:
    """Run a program and print what it did not catch, as Python does."""
    try:
        runpy.run_path(name, run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code in (None, 0)
    except BaseException as error:
        traceback.print_exception(type(error), error, own_part(error.__traceback__, name))
        return False
    return True


def own_part(frames: TracebackType | None, name: str) -> TracebackType | None:
    """Leave out our own frames: the program's traceback begins in the program."""
    while frames and frames.tb_frame.f_code.co_filename != name:
        frames = frames.tb_next
    return frames
