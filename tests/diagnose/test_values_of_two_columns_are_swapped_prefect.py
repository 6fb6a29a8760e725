import pytest
from conftest import Words
from shell import run
from stage_prefect import nightly, weekly

pytestmark = pytest.mark.usefixtures("prefect")


def test_the_run_of_a_deployment_is_told(page: Words) -> None:
    nightly()
    weekly()
    nightly.with_options(version="next")()
    versions = [line.split("\t")[1] for line in run(page.code()).splitlines()]
    assert versions == ["next", nightly.version]
