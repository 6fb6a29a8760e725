"""What Python in the browser does at each press of Run: run one program as if it were alone."""

import linecache
import os
import runpy
import sys
import traceback
from itertools import count
from pathlib import Path
from types import TracebackType

# What stays between two programs; what one of them imports or configures, the next does not see.
KEPT = {name for name in sys.modules if name.partition(".")[0] not in ("logging", "random")}
KEPT.update(sys.builtin_module_names)
FOLDERS = (f"/run/{number}" for number in count(1))


def run(name: str, code: str) -> bool:
    """Run a program in an empty folder; return whether it ended well."""
    folder = Path(next(FOLDERS))
    folder.mkdir(parents=True)
    os.chdir(folder)
    Path(name).write_bytes(code.encode())
    linecache.clearcache()
    sys.stdout.reconfigure(line_buffering=True)
    try:
        return ended_well(name)
    finally:
        for module in set(sys.modules) - KEPT:
            del sys.modules[module]


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
    finally:
        sys.stdout.flush()
    return True


def own_part(frames: TracebackType | None, name: str) -> TracebackType | None:
    """Leave out our own frames: the program's traceback begins in the program."""
    while frames and frames.tb_frame.f_code.co_filename != name:
        frames = frames.tb_next
    return frames
