import shlex

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_the_nights_that_ended_are_listed(page: StagedPage) -> None:
    run(page.code())
    _, _, *options = shlex.split(page.code())
    assert options == ["--completed", "--prefix", "nightly-"]
