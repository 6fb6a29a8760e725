"""Denies a program the clock, sleep, the network and its own folder, however it asks for them.

Only without these does a program print the same everywhere. Nothing is looked for in its text:
Python's functions and audit events are watched while it runs. A call counts as the program's if the
nearest code outside of the standard library is the program, `miniorch` or `exhibits`. What a tool
does for itself and what `testbed` does is left alone.

Each denial is written to a file as well as raised, so that one in a thread or a child process, or
one whose error was swallowed, is found too. Not seen: the timestamps of files, and C functions
that are called through `ctypes`.
"""

from __future__ import annotations

import ctypes
import datetime
import gc
import os
import select
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType
from typing import Any, NoReturn

VARIABLE = "TESTBED_DENIED"  # by which a process, and each Python that it starts, is denied it
STARTUP = os.path.join(os.path.dirname(__file__), "startup")  # Python imports it before a program
WORK = "work"  # in a program's home: its working directory
REPORT = "denied.txt"  # in a program's home: what it was denied

CLOCK = "reads the clock"
SLEEP = "sleeps"
SOCKET = "opens a socket"
PROCESS = "starts a process"
FOLDER = "writes into the working directory"
REPOSITORY = "writes into the repository"
FIXES = {
    CLOCK: "write a fixed date, or take the time from miniorch's clock or the tool's run",
    SLEEP: "let a fake clock pass the time, or wait for a state with testbed's `wait_for`",
    SOCKET: "let a function of the program play the other side",
    PROCESS: "do it in this process; only `sys.executable` may be started",
    FOLDER: "write into a `TemporaryDirectory`, or keep it in memory",
    REPOSITORY: "write into a `TemporaryDirectory`, or keep it in memory",
}

CLOCKS = ("time", "monotonic", "perf_counter", "process_time", "thread_time", "clock_gettime")
# They read the clock where they are given fewer arguments than this; 0 takes none at all.
CONVERSIONS = {"localtime": 1, "gmtime": 1, "ctime": 1, "asctime": 1, "strftime": 2}
SQL_CLOCKS = {
    **dict.fromkeys(("current_date", "current_time", "current_timestamp"), 0),
    **dict.fromkeys(("date", "time", "datetime", "julianday", "unixepoch"), 1),
    "strftime": 2,
}
# Parts of the standard library that read the clock to wait for others or to stamp a record.
WAITING = {"asyncio", "concurrent", "logging", "multiprocessing", "queue", "selectors"}
WAITING |= {"subprocess", "threading"}

# What an event loop does for itself, and a child process of which its own event has told.
OF_THE_LIBRARY = {"_make_self_pipe", "_posix_spawn"}

NO_FOLDER = -1
PATHS = {  # events that change a file: where its path is, and the open folder that it starts from
    "os.link": ((1, 3),),
    "os.mkdir": ((0, 2),),
    "os.remove": ((0, 1),),
    "os.rename": ((0, 2), (1, 3)),
    "os.rmdir": ((0, 1),),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, None),),
}
IN_MEMORY = ("", ":memory:", b"", b":memory:")  # databases of SQLite that are no files
SOCKETS = (
    "socket.__new__",
    "socket.bind",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyaddr",
    "socket.gethostbyname",
    "socket.sendto",
)
PROCESSES = (
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
)
FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

LIBRARY = os.path.dirname(os.__file__) + os.sep
INSTALLED = ("site-packages", "dist-packages")
CELL = "ipykernel_"  # in the name of the file that a cell of a lab is run from
NOT_THE_PROGRAM = (sys.prefix + os.sep, os.path.dirname(__file__) + os.sep)
PROGRAM, OTHERS, TRANSPARENT = "program", "others", "transparent"  # whose the code of a file is


class Denied(BaseException):  # so that no `except Exception` of a program swallows it
    """A program did what it is denied."""


class Denial:
    """What a process is denied, and where each denial is written."""

    def __init__(self, program: str, home: str, root: str, *, typed: bool = False) -> None:
        """Deny a program, with its home, in the repository; `typed` is `python -c`."""
        self.program, self.root = program, os.path.join(root, "")
        self.report = os.path.join(home, REPORT)
        self.folders = {
            FOLDER: os.path.join(os.path.realpath(home), WORK, ""),
            REPOSITORY: os.path.join(os.path.realpath(root), ""),
        }
        self.sides = {"<string>": PROGRAM} if typed else {}
        self.events: dict[str, Callable[..., None]] = {
            "open": self.check_open,
            "subprocess.Popen": self.check_popen,
            "sqlite3.connect": self.check_database,
            **{event: partial(self.check_paths, event) for event in PATHS},
            **{event: partial(self.refuse, SOCKET, event) for event in SOCKETS},
            **{event: partial(self.refuse, PROCESS, event) for event in PROCESSES},
        }

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take note of one of Python's audit events; most are no concern of ours."""
        if event in self.events:
            self.events[event](*arguments)

    def refuse(self, what: str, how: str, *_: object) -> None:
        """Stop the program, and write that down, if it is the program that asks."""
        if found := self.caller(what):
            what, place = found
            self.stop(f"{place}: {what} ({how}); {FIXES[what]}")

    def stop(self, message: str) -> NoReturn:
        """Write down what was denied and raise."""
        report = os.open(self.report, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(report, f"{message}\n".encode())
        os.close(report)
        raise Denied(message)

    def caller(self, what: str) -> tuple[str, str] | None:
        """Return what the program does and its file and line, if it is the program that asks."""
        modules, functions = set[str](), set[str]()
        for frame in frames():
            file = frame.f_code.co_filename
            side = self.sides.get(file) or self.sides.setdefault(file, self.side_of(file))
            if side == OTHERS:
                return None
            if side == PROGRAM:
                done = done_by(what, modules, functions)
                return (done, f"{file}:{frame.f_lineno}") if done else None
            modules.add(str(frame.f_globals.get("__name__")).partition(".")[0])
            functions.add(frame.f_code.co_name)
        return None

    def side_of(self, file: str) -> str:
        """Tell whose the code of a file is; a Dag bundle holds the program under its own name."""
        if any(folder in file for folder in INSTALLED):
            return OTHERS
        if file == __file__ or file.startswith(("<", LIBRARY)):
            return TRANSPARENT
        if os.path.basename(file) == os.path.basename(self.program) or CELL in file:
            return PROGRAM
        ours = file.startswith(self.root) and not file.startswith(NOT_THE_PROGRAM)
        return PROGRAM if ours else OTHERS

    def check_open(self, path: object, mode: str | None, flags: int) -> None:
        """Refuse to open a file for writing where the program may not write."""
        if flags & FOR_WRITING or set(mode or "") & set("wax+"):
            self.check_path("open", path)

    def check_paths(self, event: str, *arguments: Any) -> None:  # noqa: ANN401
        """Refuse to change a file where the program may not write."""
        for path, folder in PATHS[event]:
            if folder is None or arguments[folder] == NO_FOLDER:
                self.check_path(event, arguments[path])

    def check_database(self, name: object) -> None:
        """Refuse a database in a file where the program may not write."""
        if name not in IN_MEMORY:
            self.check_path("sqlite3.connect", name)

    def check_path(self, how: str, path: object) -> None:
        """Refuse the program's own working directory and the repository."""
        if isinstance(path, str | bytes | os.PathLike) and self.caller(FOLDER):
            real = os.path.realpath(os.fsdecode(path))
            for what, folder in self.folders.items():
                if real.startswith(folder):
                    self.refuse(what, f"{how} {os.path.basename(real)}")

    def check_popen(self, executable: object, command: Any, *_: object) -> None:  # noqa: ANN401
        """Refuse to start anything but a Python like this one, which is denied the same."""
        if isinstance(command, str) or not command or os.fsdecode(command[0]) != sys.executable:
            self.refuse(PROCESS, "subprocess")


class Watched:
    """A function that the program is refused; an object, which a class does not bind."""

    def __init__(self, denial: Denial, what: str, owner: object, name: str, least: int = 0) -> None:
        """Stand before a function; with at least so many arguments it is harmless."""
        self.denial, self.what, self.least = denial, what, least
        self.call = getattr(owner, name)
        self.__name__, self.__doc__ = name, self.call.__doc__

    def __call__(self, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        """Refuse, or call."""
        if not self.least or len(arguments) < self.least or None in arguments:
            self.denial.refuse(self.what, f"{self.call.__module__}.{self.__name__}")
        return self.call(*arguments, **named)


def frames() -> Iterator[FrameType]:
    """Walk over the code that is running, from the inside out."""
    frame: FrameType | None = sys._getframe(1)
    while frame:
        yield frame
        frame = frame.f_back


def done_by(what: str, modules: set[str], functions: set[str]) -> str | None:
    """Name what the program does through these parts of the library; None is nothing denied."""
    if what == CLOCK and modules & WAITING:
        return SLEEP if "asyncio" in modules and "sleep" in functions else None
    return None if functions & OF_THE_LIBRARY else what


def deny(program: str, home: str, root: str, *, typed: bool = False) -> None:
    """Deny this process all of it from now on."""
    denial = Denial(program, home, root, typed=typed)
    for name in (*CLOCKS, *(f"{name}_ns" for name in CLOCKS)):
        if hasattr(time, name):  # not every system has all of them
            setattr(time, name, Watched(denial, CLOCK, time, name))
    for name, least in CONVERSIONS.items():
        setattr(time, name, Watched(denial, CLOCK, time, name, least))
    for owner, name, what in (
        (time, "sleep", SLEEP),
        (select, "select", SLEEP),
        (os, "times", CLOCK),
    ):
        setattr(owner, name, Watched(denial, what, owner, name))
    for kind, name in (
        (datetime.datetime, "now"),
        (datetime.datetime, "utcnow"),
        (datetime.date, "today"),
    ):
        replace(kind, name, class_method(denial, kind, name))
    setattr(threading.Condition, "wait", timed(denial, threading.Condition.wait))  # noqa: B010
    watch_sql(denial)
    sys.addaudithook(denial.hook)


def class_method(denial: Denial, kind: type, name: str) -> object:
    """Stand before a class method that reads the clock."""
    original = vars(kind)[name]

    def read(cls: type, /, *arguments: object, **named: object) -> object:
        denial.refuse(CLOCK, f"{kind.__name__}.{name}")
        return original.__get__(None, cls)(*arguments, **named)

    return classmethod(read)


def replace(kind: type, name: str, value: object) -> None:
    """Set an attribute of a class that is written in C: whoever has the class sees it."""
    [attributes] = gc.get_referents(vars(kind))
    attributes[name] = value
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def timed(denial: Denial, original: Callable[..., bool]) -> Callable[..., bool]:
    """Stand before a wait: one that ended by its timeout was a sleep."""

    def wait(self: threading.Condition, timeout: float | None = None) -> bool:
        notified = original(self, timeout)
        if not notified and timeout:
            denial.refuse(SLEEP, "a wait that timed out")
        return notified

    return wait


def watch_sql(denial: Denial) -> None:
    """Watch the clock in the SQL of each SQLite database that the program opens from now on."""
    from _sqlite3 import connect

    plain = connect(":memory:", check_same_thread=False)  # where SQL does what it always does

    def watched(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as `connect` has them
        connection = connect(*arguments, **named)
        if denial.caller(CLOCK):
            for name, least in SQL_CLOCKS.items():
                call = partial(convert, denial, plain, name, least)
                connection.create_function(name, -1 if least else 0, call, deterministic=least > 0)
        return connection

    for module in ("_sqlite3", "sqlite3", "sqlite3.dbapi2"):
        if module in sys.modules:
            setattr(sys.modules[module], "connect", watched)  # noqa: B010


def convert(denial: Denial, plain: Any, name: str, least: int, *values: Any) -> Any:  # noqa: ANN401
    """Call a function of SQL that reads the clock where it is given no time, or `now`."""
    if len(values) < max(least, 1) or "now" in [str(value).lower() for value in values]:
        denial.refuse(CLOCK, f"{name} in SQL")
    call = f"{name}({', '.join('?' * len(values))})" if least else name
    return plain.execute(f"select {call}", values).fetchone()[0]


def deny_by_environment() -> None:
    """Deny this process what the one that started it says."""
    if VARIABLE in os.environ:
        deny(*os.environ[VARIABLE].split(os.pathsep), typed="-c" in sys.orig_argv)
