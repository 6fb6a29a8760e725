from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from sys import exc_info
from unittest.mock import patch

import pytest
from airflow.api_fastapi.app import create_app
from airflow.sdk.api.client import Client, ServerResponseError
from fastapi.testclient import TestClient

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Executor
from tests.diagnose.staging import shell
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import PID

SECRET, OTHER = "AIRFLOW__API_AUTH__JWT_SECRET", "b" * 64
ISSUER, AUDIENCE = "AIRFLOW__API_AUTH__JWT_ISSUER", "AIRFLOW__EXECUTION_API__JWT_AUDIENCE"
Begin = Callable[[], tuple[str, str]]


@pytest.fixture(scope="module")
def api_server(sandbox: object) -> Iterator[TestClient]:
    """An API server that asks for tokens; it read its secret, that of all here, at its start."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(SECRET, "a" * 64)
        patched.setenv(ISSUER, "https://airflow.example")  # the scheduler's too
        with TestClient(create_app(apps="execution")) as client:
            yield client


@pytest.fixture
def begin(airflow: Installation, api_server: TestClient) -> Begin:
    """Have the scheduler send a task and a worker begin it; what is the worker told, and why?"""

    def attempt() -> tuple[str, str]:
        scheduler, workloads, reasons = airflow.scheduler(), [], Reasons()
        airflow.create_run("nightly", None, "night")
        with patch.object(
            Executor, "queue_workload", lambda self, work, session: workloads.append(work)
        ):
            scheduler.tick()
        (work,) = workloads
        address, way = "http://testserver/execution/", api_server._transport
        tasks = Client(base_url=address, token=work.token, transport=way).task_instances
        with patch("airflow.api_fastapi.execution_api.security.log", reasons):
            try:
                tasks.start(work.ti.id, PID, datetime.now().astimezone())
            except ServerResponseError as error:
                scheduler.executor.running.add(work.ti.key)
                scheduler.executor.lose_task(work.ti.key)
                scheduler.tick()
                return str(error), reasons.last
        return "begun", ""

    return attempt


class Reasons:
    """Listens at the API server's log, which keeps the reason from the worker."""

    last = ""

    def warning(self, event: str, **_: object) -> None:
        self.last = f"{event}: {exc_info()[1]}"


def test_the_same_secret(begin: Begin) -> None:
    assert begin() == ("begun", "")


def test_two_secrets(
    page: StagedPage,
    airflow: Installation,
    begin: Begin,
    api: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page.says("**Two fingerprints.** The two sign and verify with different secrets.")
    page.says("which 3.3.2 writes only to the API server's log, below `Failed to validate JWT`")
    page.says("Each attempt uses up a retry as long as the two disagree.")
    of_the_server = fingerprint(page)
    with monkeypatch.context() as scheduler_s:
        scheduler_s.setenv(SECRET, OTHER)
        assert fingerprint(page) != of_the_server
        told, reason = begin()
    assert told == "Invalid auth token"
    assert reason == "Failed to validate JWT: Signature verification failed"
    (line,) = shell.run(page.code(), **api).splitlines()
    assert line.split("\t")[1:] == ["nightly", "load_orders"]
    tried = "select state, try_number from task_instance where task_id = 'load_orders'"
    assert airflow.rows(tried) == [("up_for_retry", 1)]


def fingerprint(page: StagedPage) -> str:
    """Return the first line that the page's second command prints."""
    return shell.run(page.code("check", 1)).splitlines()[0]


def test_nothing_failed(page: StagedPage, airflow: Installation, api: dict[str, str]) -> None:
    airflow.create_run("nightly", None, "night")
    scheduler = airflow.scheduler()
    scheduler.tick()
    (key,) = scheduler.executor.running
    scheduler.executor.start_task(key)
    scheduler.executor.lose_task(key)
    scheduler.tick()
    assert airflow.rows("select event from log where event = 'state mismatch'")
    assert shell.run(page.code(), **api) == ""


def test_a_process_keeps_the_secret_that_it_read(
    page: StagedPage, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.says("a process keeps what it read when it started")
    monkeypatch.setenv(SECRET, OTHER)  # on all machines, and only the scheduler is new
    assert begin()[0] == "Invalid auth token"


@pytest.mark.parametrize(
    ("variable", "source"),
    [(SECRET, "env var"), ("AIRFLOW__SECRETS__JWT_SECRET", "default")],
)
def test_where_it_comes_from(
    page: StagedPage,
    airflow: Installation,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    source: str,
) -> None:
    page.says("**`Source: default`.** No secret is set here.")
    page.says("Airflow ignores `AIRFLOW__SECRETS__JWT_SECRET`")
    monkeypatch.delenv(SECRET)
    monkeypatch.setenv(variable, OTHER)
    assert f"# Source: {source}\n# jwt_secret" in shell.run(page.code("check", 1))


def test_airflow_writes_a_secret_of_its_own(
    page: StagedPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.says("a machine without the file writes one, with a random secret in it")
    from airflow import configuration

    secrets = []
    for machine in ("scheduler", "api-server"):
        monkeypatch.setattr(configuration, "AIRFLOW_CONFIG", str(tmp_path / f"{machine}.cfg"))
        monkeypatch.delenv(SECRET, raising=False)
        configuration.write_default_airflow_configuration_if_needed()
        written = (tmp_path / f"{machine}.cfg").read_text().splitlines()
        secrets += [line for line in written if line.startswith("jwt_secret = ")]
    assert len(set(secrets)) == 2


@pytest.mark.parametrize(
    ("ahead", "refused"), [(9, ""), (60, "The token is not yet valid"), (-900, "has expired")]
)
def test_the_clocks(page: StagedPage, begin: Begin, ahead: int, refused: str) -> None:
    page.says("`The token is not yet valid`: the clocks are further apart than")
    page.says("`[api_auth] jwt_leeway` (10 s)")

    class Clock(datetime):
        """The scheduler's clock."""

        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime.now(tz) + timedelta(seconds=ahead)

    with patch("airflow.api_fastapi.auth.tokens.datetime", Clock):
        assert refused in begin()[1]


@pytest.mark.parametrize(
    ("option", "refused"),
    [(AUDIENCE, "Audience doesn't match"), (ISSUER, "Invalid issuer")],
)
def test_the_claims(
    page: StagedPage,
    begin: Begin,
    monkeypatch: pytest.MonkeyPatch,
    option: str,
    refused: str,
) -> None:
    page.says("`Audience doesn't match` or `Invalid issuer`: `[execution_api] jwt_audience` or")
    monkeypatch.setenv(option, "https://other.example")
    assert refused in begin()[1]
