import pytest
from conftest import Words
from shell import run
from stage_prefect import nightly, weekly

pytestmark = pytest.mark.usefixtures("prefect")


def test_the_days_that_ran_again_are_told(page: Words) -> None:
    for day in ("2026-03-11", "2026-03-12"):
        nightly(day)
    weekly("2026-03-11")
    assert run(page.code()) == ""
    nightly("2026-03-12")
    assert run(page.code()).splitlines() == ["2026-03-12\t2\tCompleted Completed"]
