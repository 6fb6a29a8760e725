import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event

import psycopg2
import pytest
from airflow import settings
from airflow.configuration import conf
from airflow.utils import db
from alembic import command
from sqlalchemy import text

from testbed.airflow.installation import Installation
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

BEFORE, CUT_OFF_AFTER = "c20871fbf23a", "dd5f3a8e2b91"  # the next makes two indexes, in this order
INDEX_OF_THE_STEP = (
    "select 1 from pg_indexes where indexname = 'idx_dag_run_created_dag_version_id'"
)


def activity(ask: Callable, page: StagedPage) -> dict[int, tuple]:
    """Return what the page's second query lists, by the number of the session."""
    return {pid: rest for pid, *rest in ask(page.code("check", 3))}


def wait_until(question: Callable[[], object]) -> None:
    """Ask until the answer is yes; the test's own limit is that of its session."""
    deadline = time.monotonic() + 60
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def migration(airflow: Installation) -> Iterator[Callable[[], BaseProcess]]:
    """Start the migration to this version, from three steps before it, in a process of its own.

    The process is there before any session that it must not share.
    """
    command.downgrade(db._get_alembic_config(), BEFORE)
    settings.engine.dispose()
    fork = get_context("fork")
    go = fork.Event()
    process = fork.Process(target=migrate, args=(go,))
    process.start()

    def start() -> BaseProcess:
        go.set()
        return process

    yield start
    process.kill()
    process.join()


def migrate(go: Event) -> None:
    """Do what `airflow db migrate` does."""
    go.wait()
    db.upgradedb()


def revision(airflow: Installation) -> str:
    """Read which step the database is at."""
    ((found,),) = airflow.rows("select version_num from alembic_version")
    return found


def is_blocked(found: dict[int, tuple], holder: int) -> list[int]:
    """List the sessions that wait for another."""
    return [pid for pid, (waits_for, *_) in found.items() if holder in waits_for]


def test_a_migration_that_waits_and_is_killed(
    page: StagedPage,
    airflow: Installation,
    migration: Callable[[], BaseProcess],
    ask: Callable,
) -> None:
    page.says("If a migration waits for a scheduler or an API server that still runs, stop that")
    page.says("**The migration waits for somebody.** Something of Airflow is still running")
    page.says("**One is `idle in transaction` for minutes, and others wait for it.**")
    with airflow.session() as scheduler:
        holder = scheduler.scalar(text("select pg_backend_pid()"))
        scheduler.execute(text("update task_instance set state = state"))
        process = migration()
        wait_until(lambda: is_blocked(activity(ask, page), holder))
        found = activity(ask, page)
        (waiter,) = is_blocked(found, holder)
        assert "CREATE INDEX ti_dag_version_id" in found[waiter][3]
        assert found[holder][1] == "idle in transaction"
        with pytest.raises(TimeoutError, match=CUT_OFF_AFTER):
            run(page.code("check", 1))

        page.says("But a kill of the process does not end what it asked for")
        process.kill()
        process.join()
        assert is_blocked(activity(ask, page), holder) == [waiter]
        airflow.rows(f"select pg_terminate_backend({waiter})")
        wait_until(lambda: waiter not in activity(ask, page))

    page.says("The steps that were finished stay, the one that was cut off is undone whole")
    assert revision(airflow) == CUT_OFF_AFTER
    assert airflow.rows(INDEX_OF_THE_STEP) == []
    page.says("and `airflow db migrate` goes on from there")
    run("airflow db migrate")
    assert run(page.code("check", 1)) == ""
    assert airflow.rows(INDEX_OF_THE_STEP) == [(1,)]


def test_no_room_is_left(
    page: StagedPage, airflow: Installation, ask: Callable, api: dict[str, str]
) -> None:
    page.says("Processes that connected in time go on, and a new one is refused.")
    assert run(page.code(), **api) == "healthy\n"
    address = settings.engine.url.set(drivername="postgresql").render_as_string(False)
    with ExitStack() as pools:
        refused = ""
        while not refused:
            try:
                pools.enter_context(closing(psycopg2.connect(address)))
            except psycopg2.OperationalError as error:
                refused = str(error)
        assert "sorry, too many clients already" in refused
        assert run(page.code(), **api) == "healthy\n"
        (_, state, connections, _, at_most), *_ = ask(page.code("check", 2))
        assert state == "idle"
        assert int(at_most) * 0.8 < connections <= int(at_most)


def test_the_database_does_not_answer(
    page: StagedPage, airflow: Installation, api: dict[str, str]
) -> None:
    with airflow.session() as session:
        session.execute(text("alter table job rename to job_elsewhere"))
        session.commit()
        assert run(page.code(), **api) == "unhealthy\n"


def test_the_size_of_a_pool(page: StagedPage) -> None:
    page.says("Each process keeps up to 5 and opens up to 15")
    page.says("a process with asynchronous sessions has a second pool of that size")
    size = conf.getint("database", "sql_alchemy_pool_size")
    assert (size, conf.getint("database", "sql_alchemy_max_overflow")) == (5, 10)
    assert settings.async_engine.sync_engine.pool is not settings.engine.pool
    assert settings.async_engine.sync_engine.pool.size() == size
