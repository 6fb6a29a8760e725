import pytest
from prefect.blocks.system import Secret

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

pytestmark = pytest.mark.usefixtures("prefect")


def test_the_blocks_of_this_server_are_told(page: StagedPage) -> None:
    assert "secret\twarehouse" not in run(page.code()).splitlines()
    Secret(value="open sesame").save("warehouse")
    assert "secret\twarehouse" in run(page.code()).splitlines()


def test_the_server_is_told(page: StagedPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert run(page.code(number=1)) == ""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    assert run(page.code(number=1)).startswith("PREFECT_API_URL='http://127.0.0.1:4200/api'")
