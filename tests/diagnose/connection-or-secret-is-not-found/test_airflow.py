from collections.abc import Callable

import pytest
from airflow.models import Connection
from airflow.secrets.base_secrets import BaseSecretsBackend

from testbed.airflow.installation import Installation
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import CommandError, run


def test_found(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    with airflow.session() as session:
        session.add(Connection(conn_id="warehouse", uri="postgres://prod-db"))
    assert run(page.code()).split() == ["warehouse", "postgres", "prod-db"]
    assert ask(page.code(number=1)) == [("warehouse", "postgres", "prod-db", None)]


def test_a_neighbour_has_nearly_that_name(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    with airflow.session() as session:
        session.add(Connection(conn_id="ware-house", uri="postgres://prod-db"))
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


def test_the_backend_is_told(
    page: StagedPage, airflow: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(page.code(number=2)).split() == []
    monkeypatch.setenv("AIRFLOW__WORKERS__SECRETS_BACKEND", "vault.Strict")
    assert run(page.code(number=2)).split() == ["vault.Strict"]
    monkeypatch.setenv("AIRFLOW__SECRETS__BACKEND", "vault.Vault")
    assert run(page.code(number=2)).split() == ["vault.Vault", "vault.Strict"]
