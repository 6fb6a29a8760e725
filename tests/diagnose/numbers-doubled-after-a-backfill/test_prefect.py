import pytest

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.prefect import nightly, weekly
from tests.diagnose.staging.shell import run

pytestmark = pytest.mark.usefixtures("prefect")


def test_the_days_that_ran_again_are_told(page: StagedPage) -> None:
    for day in ("2026-03-11", "2026-03-12"):
        nightly(day)
    weekly("2026-03-11")
    assert run(page.code()) == ""
    nightly("2026-03-12")
    assert run(page.code()).splitlines() == ["2026-03-12\t2\tCompleted Completed"]
