from collections.abc import Callable
from pathlib import Path

import pytest
from airflow.models import Connection
from airflow.secrets.base_secrets import BaseSecretsBackend

from testbed.airflow.installation import Installation, installation
from tests.diagnose.staging.page import COMPANY, StagedPage
from tests.diagnose.staging.servers import Worker
from tests.diagnose.staging.shell import CommandError, run

CONNECTED = COMPANY / "connected_night_airflow.py"
NO_BACKEND = "airflow.secrets.environment_variables.EnvironmentVariablesBackend"


def test_found(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    run("airflow connections add warehouse --conn-uri postgres://prod-db")
    assert run(page.code()).split() == ["warehouse", "postgres", "prod-db"]
    assert ask(page.code(number=1)) == [("warehouse", "postgres", "prod-db", None)]


def test_a_neighbour_has_nearly_that_name(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    run("airflow connections add ware-house --conn-uri postgres://prod-db")
    with pytest.raises(CommandError, match="Connection not found"):
        run(page.code())
    assert [conn_id for conn_id, *_ in ask(page.code(number=1))] == ["ware-house"]


@pytest.mark.parametrize(("section", "found"), [("WORKERS__SECRETS_", False), ("SECRETS__", True)])
def test_the_command_asks_as_the_server_does(
    page: StagedPage,
    airflow: Installation,
    monkeypatch: pytest.MonkeyPatch,
    section: str,
    found: bool,
) -> None:
    monkeypatch.setenv(f"AIRFLOW__{section}BACKEND", f"{__name__}.Vault")
    assert answered(page) is found


def answered(page: StagedPage) -> bool:
    try:
        return run(page.code()).split() == ["warehouse", "postgres", "prod-db"]
    except CommandError:
        return False


class Vault(BaseSecretsBackend):
    def get_connection(self, conn_id: str, team_name: str | None = None) -> Connection:
        return Connection(conn_id=conn_id, uri="postgres://prod-db")


class Entry(BaseSecretsBackend):
    """A backend whose only entry a test writes."""

    text = ""

    def get_conn_value(self, conn_id: str, team_name: str | None = None) -> str:
        return self.text


@pytest.fixture
def told_to_a_task(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], str]:
    """What a task is told that asks for the connection; only the API server has the backend."""
    monkeypatch.setenv("AIRFLOW__SECRETS__BACKEND", f"{__name__}.Entry")
    monkeypatch.setenv("AIRFLOW__WORKERS__SECRETS_BACKEND", NO_BACKEND)
    monkeypatch.setenv("ANSWER", str(tmp_path / "answer"))

    def ask() -> str:
        with installation(core__dags_folder=CONNECTED) as airflow:
            scheduler = airflow.scheduler()
            airflow.create_run("nightly", None, "night")
            scheduler.tick()
            (key,) = scheduler.executor.running
            Worker(airflow).run(key, CONNECTED)
        return (tmp_path / "answer").read_text()

    return ask


def test_an_entry_without_a_type_is_found_and_not_handed_out(
    page: StagedPage, told_to_a_task: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.says("the API server finds it and cannot hand it out")
    page.says("**Found here, and not by the task.** In Airflow, an entry without `conn_type`")
    monkeypatch.setattr(Entry, "text", '{"host": "prod-db"}')
    assert run(page.code()) == "warehouse\t\tprod-db\n"
    assert told_to_a_task() == "The conn_id `warehouse` isn't defined"
    monkeypatch.setattr(Entry, "text", '{"conn_type": "postgres", "host": "prod-db"}')
    assert told_to_a_task() == "prod-db"


@pytest.mark.parametrize("text", ['{"host": "prod-db"', '{"conn_type": "postgres", "prt": 5432}'])
def test_an_entry_that_cannot_be_read_is_not_found(
    page: StagedPage, told_to_a_task: Callable, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    page.says("Its JSON is broken, or it has a key that no connection has.")
    monkeypatch.setattr(Entry, "text", text)
    with pytest.raises(CommandError, match="Connection not found"):
        run(page.code())
    assert told_to_a_task() == "The conn_id `warehouse` isn't defined"


def test_the_backend_is_told(
    page: StagedPage, airflow: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(page.code(number=2)).split() == []
    monkeypatch.setenv("AIRFLOW__WORKERS__SECRETS_BACKEND", "vault.Strict")
    assert run(page.code(number=2)).split() == ["vault.Strict"]
    monkeypatch.setenv("AIRFLOW__SECRETS__BACKEND", "vault.Vault")
    assert run(page.code(number=2)).split() == ["vault.Vault", "vault.Strict"]
