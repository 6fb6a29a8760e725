import pytest

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.prefect import nightly, weekly
from tests.diagnose.staging.shell import run

pytestmark = pytest.mark.usefixtures("prefect")


def test_the_version_of_each_run_is_told(page: StagedPage) -> None:
    nightly("2026-03-13")
    weekly()
    nightly.with_options(version="next")("2026-03-13")
    newest, oldest = (line.split("\t") for line in run(page.code()).splitlines())
    assert [newest[0], oldest[0]] == ["2026-03-13"] * 2
    assert [newest[2], oldest[2]] == ["next", nightly.version]
