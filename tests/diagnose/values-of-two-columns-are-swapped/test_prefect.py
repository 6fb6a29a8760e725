import pytest

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.prefect import nightly, weekly
from tests.diagnose.staging.shell import run

pytestmark = pytest.mark.usefixtures("prefect")


def test_the_run_of_a_deployment_is_told(page: StagedPage) -> None:
    nightly()
    weekly()
    nightly.with_options(version="next")()
    versions = [line.split("\t")[1] for line in run(page.code()).splitlines()]
    assert versions == ["next", nightly.version]
