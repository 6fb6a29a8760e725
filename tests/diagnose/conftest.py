"""What a staged symptom needs: the words of its page, and the tool that they are pasted into."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fences import WAREHOUSE, Fence, run_by

from tooling.sandbox import environment, tool_of

if TYPE_CHECKING:
    from dagster import DagsterInstance
    from prefect.client.orchestration import SyncPrefectClient

    from tooling.airflow_ticks import Installation

HERE = Path(__file__).parent
TABLES = """
create table raw.orders (order_id integer, event_time text, eur numeric);
create table stg_orders (order_id integer, event_time text, eur numeric);
create table fct_revenue_daily (day text, orders integer, eur numeric);
"""
ORDERS = [(number, f"2026-03-13 {number:02}:00:00", 100) for number in range(1, 11)]


class Words:
    """What a page tells to paste, for one tool; it knows what has not been tried yet."""

    def __init__(self, fences: list[Fence]) -> None:
        self.fences = fences
        self.left = set(fences)

    def code(self, section: str = "check", number: int = 0) -> str:
        fence = [one for one in self.fences if one.section == section][number]
        self.left.discard(fence)
        return fence.code


@pytest.fixture(scope="module")
def page(request: pytest.FixtureRequest) -> Iterator[Words]:
    """The page that a file is named after; at the end each of its fences has been run."""
    path, tool = request.path, tool_of(request.path)
    name = path.stem.removeprefix("test_").removesuffix("" if tool == WAREHOUSE else f"_{tool}")
    words = Words(run_by(tool)[name.replace("_", "-")])
    yield words
    if not request.session.testsfailed:
        assert not words.left, f"not run: {', '.join(map(str, words.left))}"


@pytest.fixture(scope="module", autouse=True)
def sandbox(
    request: pytest.FixtureRequest, tool: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The environment of a tool, with a home of its own."""
    if tool == "prefect":
        request.getfixturevalue("prefect_server")
    home = tmp_path_factory.mktemp(f"home_{tool}")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(HERE / f"tallow_and_pine_{tool}.py", home).items():
            patch.setenv(name, value)
        if settings := sys.modules.get("airflow.settings"):
            settings.configure_vars()
            settings.reconfigure_orm()
        yield home


@pytest.fixture
def warehouse() -> Iterator[sqlite3.Connection]:
    """A warehouse on a good morning: ten orders of EUR 100.00 in every layer."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("attach ':memory:' as raw")
        connection.executescript(TABLES)
        for table in ("raw.orders", "stg_orders"):
            connection.executemany(f"insert into {table} values (?, ?, ?)", ORDERS)
        connection.execute("insert into fct_revenue_daily values ('2026-03-13', 10, 1000)")
        yield connection


@pytest.fixture
def airflow(sandbox: Path, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """A fresh Airflow with the company's Dags, or a test file's own; one of them is paused."""
    from tooling.airflow_ticks import installation

    dags = getattr(request.module, "DAGS", "tallow_and_pine_airflow.py")
    with installation(core__dags_folder=HERE / dags) as airflow:
        airflow.rows("update dag set is_paused = dag_id = 'nightly_at_three' returning 1")
        yield airflow


@pytest.fixture
def ask(request: pytest.FixtureRequest) -> Callable[[str], list[tuple]]:
    """Run a query as it stands on the page, in Airflow's database."""
    airflow = request.getfixturevalue("airflow")

    def answer(code: str) -> list[tuple]:
        with airflow.session() as session:
            cursor = session.connection().connection.cursor()  # SQLAlchemy would read % and :
            cursor.execute(code)
            return cursor.fetchall()

    return answer


@pytest.fixture
def prefect() -> Iterator[SyncPrefectClient]:
    """A client of a Prefect that remembers no earlier test."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs():
            client.delete_flow_run(run.id)
        yield client


@pytest.fixture
def dagster(sandbox: Path, tmp_path: Path) -> Iterator[DagsterInstance]:
    """A Dagster instance with its storage in files."""
    from dagster import DagsterInstance
    from dagster_storage import one_log

    with DagsterInstance.local_temp(str(tmp_path), one_log(tmp_path)) as instance:
        yield instance
