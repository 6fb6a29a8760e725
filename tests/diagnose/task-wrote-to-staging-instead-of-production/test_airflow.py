from collections.abc import Callable

import pytest

from testbed.airflow.installation import Installation
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

NAME = "AIRFLOW_CONN_WAREHOUSE"


@pytest.fixture
def host(airflow: Installation) -> None:
    """Let the database know the warehouse of production."""
    run("airflow connections add warehouse --conn-uri postgres://reader:secret@prod-db/shop")


@pytest.mark.usefixtures("host")
def test_the_environment_wins(page: StagedPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "postgres://loader:secret@staging-db/shop")
    assert run(page.code()).split() == ["warehouse", "staging-db", "shop", "loader"]
    assert run(page.code(number=1)).split() == [NAME]


@pytest.mark.usefixtures("host")
def test_the_database_is_asked_last(page: StagedPage, ask: Callable) -> None:
    assert run(page.code()).split() == ["warehouse", "prod-db", "shop", "reader"]
    assert run(page.code(number=1)) == ""
    assert ask(page.code(number=2)) == [("warehouse", "prod-db", "shop")]
