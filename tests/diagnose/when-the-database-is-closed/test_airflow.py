import json
from pathlib import Path

import pytest
from airflow.api_fastapi.app import create_app
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from airflow.configuration import conf
from fastapi import FastAPI
from fastapi.testclient import TestClient

from testbed.airflow.installation import Installation
from tests.diagnose.staging import shell
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import serve

PASSWORD = "at three"


@pytest.fixture(scope="module")
def app(sandbox: Path) -> FastAPI:
    """The REST API of an Airflow that asks for a name and a password."""
    return create_app(apps="core")


@pytest.fixture(scope="module")
def address(app: FastAPI) -> str:
    return serve(app)


@pytest.fixture
def login(airflow: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the only user writes, who may look and not touch."""
    passwords, login = tmp_path / "passwords.json", tmp_path / "login.json"
    passwords.write_text(json.dumps({"watch": PASSWORD}))
    monkeypatch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS", "watch:viewer")
    monkeypatch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE", str(passwords))
    monkeypatch.chdir(tmp_path)
    return login


@pytest.mark.parametrize(("password", "code"), [(PASSWORD, "200"), ("at four", "403")])
def test_a_token(page: StagedPage, login: Path, address: str, password: str, code: str) -> None:
    page.says("`200` is a yes. `403` is a wrong name or password")
    login.write_text(json.dumps({"username": "watch", "password": password}))
    assert shell.run(page.code("own"), AIRFLOW=address).strip() == code


@pytest.mark.parametrize(
    ("path", "code"),
    [("eventLogs", "200"), ("dags/~/dagRuns/~/taskInstances", "200"), ("variables", "403")],
)
def test_what_a_viewer_may_read(
    page: StagedPage, login: Path, address: str, path: str, code: str
) -> None:
    page.says("such as the simple auth manager's `viewer`, is enough for the checks")
    page.says("or a role that may not read this")
    login.write_text(json.dumps({"username": "watch", "password": PASSWORD}))
    asked = page.code("own").replace("v2/dags?", f"v2/{path}?")
    assert shell.run(asked, AIRFLOW=address).strip() == code


def test_how_long_it_is_good(page: StagedPage, login: Path, app: FastAPI) -> None:
    page.says("`401` is a token that has ended, which it does after a day")
    page.says("(`[api_auth] jwt_expiration_time`, 86 400 s)")
    user = SimpleAuthManagerUser(username="watch", role="viewer")
    ended = app.state.auth_manager.generate_jwt(user, expiration_time_in_seconds=-60)
    asked = TestClient(app).get("/api/v2/dags", headers={"Authorization": f"Bearer {ended}"})
    assert asked.status_code == 401
    assert conf.getint("api_auth", "jwt_expiration_time") == 86_400
