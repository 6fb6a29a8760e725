from collections.abc import Callable

import pytest
from airflow.models import Connection
from conftest import Words
from shell import Refused, run

from tooling.airflow_ticks import Installation


def test_found(page: Words, airflow: Installation, ask: Callable) -> None:
    with airflow.session() as session:
        session.add(Connection(conn_id="warehouse", uri="postgres://prod-db"))
    assert run(page.code()).split() == ["warehouse", "postgres", "prod-db"]
    assert ask(page.code(number=1)) == [("warehouse", "postgres", "prod-db", None)]


def test_a_neighbour_has_nearly_that_name(
    page: Words, airflow: Installation, ask: Callable
) -> None:
    with airflow.session() as session:
        session.add(Connection(conn_id="ware-house", uri="postgres://prod-db"))
    with pytest.raises(Refused, match="Connection not found"):
        run(page.code())
    assert [conn_id for conn_id, *_ in ask(page.code(number=1))] == ["ware-house"]


def test_the_backend_is_told(
    page: Words, airflow: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(page.code(number=2)).split() == []
    monkeypatch.setenv("AIRFLOW__WORKERS__SECRETS_BACKEND", "vault.Strict")
    assert run(page.code(number=2)).split() == ["vault.Strict"]
