import dagster as dg
from dagster._core.storage.tags import SCHEDULED_EXECUTION_TIME_TAG

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


@dg.job
def nightly() -> None:
    """Do nothing, when it is due."""


@dg.job
def hourly() -> None:
    """Do nothing, more often."""


def test_the_runs_of_the_schedule_are_told(page: StagedPage, dagster: dg.DagsterInstance) -> None:
    due = [f"2026-10-{day}T01:30:00+00:00" for day in (23, 24, 25, 26, 27)]
    for time in reversed(due):
        nightly.execute_in_process(instance=dagster, tags={SCHEDULED_EXECUTION_TIME_TAG: time})
    nightly.execute_in_process(instance=dagster, tags={"day": "2026-10-25"})  # by hand
    hourly.execute_in_process(instance=dagster, tags={SCHEDULED_EXECUTION_TIME_TAG: due[2]})
    assert ask(dagster, page.code()) == [(time, "SUCCESS") for time in due[1:4]]
