"""A process that launches others for its starter and ends all of them with it.

It runs in a session of its own and reads orders from its standard input. That closes when whoever
started it closes it, or dies by whatever signal, so that nothing it has launched is left behind.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from psutil import Process

LIMIT = 180  # seconds before a state counts as one that will not come
TAIL = 30  # lines of each log that a failure shows
AGAIN = 0.2  # seconds after which a process that has not ended is asked again
Account = tuple[int, int]  # ids of a user and a group
Answer = TypeVar("Answer")


class WaitTimeoutError(Exception):  # no OSError, which a wait takes for a no
    """A state that was waited for did not come."""


class Order(NamedTuple):
    """A process to launch, as it is written to the supervisor."""

    command: list[str]
    env: dict[str, str]
    log: str
    account: Account | None  # who runs it; without one, who runs the supervisor
    stop_signal: int | None  # by which it ends itself; without one it is killed
    first: bool  # whether it has to end before the next one is launched


class Supervisor(NamedTuple):
    """A supervisor at work, and the folder that it deletes at the end."""

    process: subprocess.Popen[bytes]
    orders: IO[bytes]
    home: Path

    @classmethod
    def start(cls, home: Path) -> Supervisor:
        """Start a supervisor that owns a folder."""
        # -P, or it would import our own prefect.py and argo.py, which stand next to it.
        command = [sys.executable, "-P", __file__, str(home)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        assert process.stdin is not None
        return cls(process, process.stdin, home)

    def launch(
        self,
        command: list[str],
        env: dict[str, str],
        log: Path,
        *,
        account: Account | None = None,
        stop_signal: signal.Signals | None = None,
        first: bool = False,
    ) -> None:
        """Launch a process in the folder, without waiting for it.

        log: a file, which gets what it prints. account: who runs it, if not this user; that takes
        root. stop_signal: what it is sent in the end, until it ends, where a kill would leave
        shared memory behind. first: launch nothing else before it has ended.
        """
        inside = env | {"TMPDIR": str(self.home)}  # what it leaves there goes with the folder
        order = Order(command, inside, str(log), account, stop_signal, first)
        self.orders.write(json.dumps(order._asdict()).encode() + b"\n")
        self.orders.flush()

    def wait_for(self, what: str, question: Callable[[], Answer], every: float = 0.2) -> Answer:
        """Ask every so many seconds until the answer is yes, and return it; see `wait_for`."""
        return wait_for(what, question, self.home, every)

    def stop(self) -> None:
        """End every process and delete the folder."""
        self.process.communicate()  # closes its standard input and waits for its end


@contextmanager
def supervised(prefix: str, folder: Path | None = None) -> Iterator[Supervisor]:
    """Give a supervisor with a new folder, whose processes end with the block or with this one."""
    supervisor = Supervisor.start(Path(mkdtemp(prefix=prefix, dir=folder)))
    try:
        yield supervisor
    finally:
        supervisor.stop()


def wait_for(what: str, question: Callable[[], Answer], home: Path, every: float = 0.2) -> Answer:
    """Ask every so many seconds until the answer is yes, and return it.

    An OSError or a LookupError is a no: what is not there yet. WaitTimeoutError: no yes in
    180 s; it shows the end of each log in a supervisor's folder.
    """
    patience = time.monotonic() + LIMIT
    while time.monotonic() < patience:
        with suppress(OSError, LookupError):  # URLError is an OSError
            if answer := question():
                return answer
        time.sleep(every)
    raise WaitTimeoutError(f"waited {LIMIT} s for {what}\n{logs(home)}")


def logs(home: Path) -> str:
    """Return the end of every process's log."""
    ends = []
    for log in sorted(home.glob("*.log")):
        lines = log.read_text(errors="replace").splitlines()[-TAIL:]
        ends.append("\n".join([f"--- {log.name}", *lines]))
    return "\n".join(ends)


def free_port(wanted: int = 0) -> int:
    """Ask the system for a port that nobody uses: this one, if that is so."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as a server binds it
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_interrupt() -> None:
    """Wait until somebody presses Ctrl-C, which raises KeyboardInterrupt."""
    while True:
        time.sleep(3600)


def serve(home: str) -> None:
    """Launch one process for each line, until no more come or one cannot; then end them all."""
    stoppable = []
    try:
        for line in sys.stdin:
            order = Order(**json.loads(line))
            process = launched(order, home)
            if order.first:
                process.wait()
            elif order.stop_signal:
                stoppable.append((process, order.stop_signal))
    finally:
        for process, stop_signal in stoppable:
            stop(process, stop_signal)
        kill_rest_of_session()
        shutil.rmtree(home)


def launched(order: Order, home: str) -> subprocess.Popen[bytes]:
    """Launch what is ordered."""
    user, group = order.account or (None, None)
    with open(order.log, "ab") as log:
        return subprocess.Popen(
            order.command,
            env=order.env,
            cwd=home,
            user=user,
            group=group,
            extra_groups=[] if order.account else None,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def stop(process: subprocess.Popen[bytes], stop_signal: int) -> None:
    """Ask a process to end until it does: one that has only just started does not listen yet."""
    while process.poll() is None:
        process.send_signal(stop_signal)
        with suppress(subprocess.TimeoutExpired):
            process.wait(AGAIN)


def kill_rest_of_session() -> None:
    """Kill what else runs in this session, until nothing does."""
    import psutil  # late: a server waits for this process to start, and nothing for its end

    while others := [process for process in psutil.process_iter() if is_of_session(process)]:
        for process in others:
            with suppress(psutil.NoSuchProcess):  # it was faster
                if not tidies_up(process):
                    process.kill()
        time.sleep(0.02)


def is_of_session(process: Process) -> bool:
    """Tell the other living processes of this session, whatever their group and their parent."""
    with suppress(ProcessLookupError, PermissionError):
        ours = os.getsid(process.pid) == os.getsid(0) and process.pid != os.getpid()
        return ours and is_alive(process.pid)
    return False


def tidies_up(process: Process) -> bool:
    """Tell what deletes the semaphores of the Python that started it, and then ends by itself."""
    return "resource_tracker" in " ".join(process.cmdline())


def is_alive(process: int) -> bool:
    """Tell a living process, even one that is stopped, from one that has ended."""
    import psutil

    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


if __name__ == "__main__":
    if os.getsid(0) != os.getpid():
        sys.exit("supervisor.py kills the rest of its session: use `testbed.supervisor.supervised`")
    serve(sys.argv[1])
