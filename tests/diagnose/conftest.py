"""What a staged symptom needs: the words of its page, and the tool that they are pasted into."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from testbed.sandbox import activated, tool_of
from tests.diagnose.staging.fences import PAGES, run_by
from tests.diagnose.staging.page import COMPANY, StagedPage

if TYPE_CHECKING:
    from dagster import DagsterInstance
    from prefect.client.orchestration import SyncPrefectClient

    from testbed.airflow.installation import Installation

TABLES = """
create table raw.orders (order_id integer, event_time text, eur numeric);
create table stg_orders (order_id integer, event_time text, eur numeric);
create table fct_revenue_daily (day text, orders integer, eur numeric);
"""
ORDERS = [(number, f"2026-03-13 {number:02}:00:00", 100) for number in range(1, 11)]


@pytest.fixture(scope="module")
def page(request: pytest.FixtureRequest) -> Iterator[StagedPage]:
    """The page that a folder is named after; at the end each fence of the tool has been run."""
    folder, tool = request.path.parent.name, tool_of(request.path)
    page = StagedPage(PAGES[folder], run_by(tool)[folder])
    yield page
    if runs_all_of(request.path, request.config) and not request.session.testsfailed:
        assert not page.left, f"not run: {', '.join(map(str, page.left))}"


def runs_all_of(file: Path, config: pytest.Config) -> bool:
    """Tell whether every test of a file is run, so that a fence left out is nobody's."""
    in_part = {config.rootpath / one.partition("::")[0] for one in config.args if "::" in one}
    return not (config.option.keyword or config.option.lf or file in in_part)


@pytest.fixture(scope="module", autouse=True)
def sandbox(
    request: pytest.FixtureRequest, tool: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The environment of a tool, with a home of its own."""
    if tool == "prefect":
        request.getfixturevalue("prefect_server")
    home = tmp_path_factory.mktemp(f"home_{tool}")
    with activated(COMPANY / f"tallow_and_pine_{tool}.py", home):
        if tool == "prefect":
            forget_deployments()
        yield home


def forget_deployments() -> None:
    """Take away from the tests' Prefect what the symptom before has deployed."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        for deployment in client.read_deployments():
            client.delete_deployment(deployment.id)


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
    from testbed.airflow.installation import installation

    dags = getattr(request.module, "DAGS", "tallow_and_pine_airflow.py")
    with installation(core__dags_folder=COMPANY / dags) as airflow:
        airflow.pause("nightly_at_three")
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
def api(airflow: Installation) -> Iterator[dict[str, str]]:
    """The variables by which a command of the page reaches this Airflow's REST API."""
    from tests.diagnose.staging.servers import LOGIN, address, token

    with pytest.MonkeyPatch.context() as patch:
        for name, value in LOGIN.items():
            patch.setenv(name, value)
        yield {"AIRFLOW": address(), "TOKEN": token()}


@pytest.fixture
def prefect(tmp_path: Path) -> Iterator[SyncPrefectClient]:
    """A client of a Prefect that remembers no earlier test, nor what it has cached."""
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, temporary_settings

    results = temporary_settings({PREFECT_LOCAL_STORAGE_PATH: tmp_path / "results"})
    with results, get_client(sync_client=True) as client:
        for run in client.read_flow_runs():
            client.delete_flow_run(run.id)
        yield client


@pytest.fixture
def dagster(sandbox: Path, tmp_path: Path) -> Iterator[DagsterInstance]:
    """A Dagster instance with its storage in files."""
    from dagster import DagsterInstance

    from tests.diagnose.staging.dagster_storage import one_log

    with DagsterInstance.local_temp(str(tmp_path), one_log(tmp_path)) as instance:
        yield instance
