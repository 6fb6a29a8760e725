from datetime import UTC, datetime

from prefect.client.orchestration import SyncPrefectClient
from prefect.states import Failed

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.prefect import create_night, nightly, weekly
from tests.diagnose.staging.shell import run


def test_the_days_that_were_published_are_told(
    page: StagedPage, prefect: SyncPrefectClient
) -> None:
    nightly("2026-03-12")
    nightly("2026-03-13")
    weekly("2026-03-14")
    create_night(prefect, datetime(2026, 3, 15, 3, tzinfo=UTC), Failed())
    ends = {night.parameters.get("day"): night.end_time for night in prefect.read_flow_runs()}
    lines = [line.split("\t") for line in run(page.code()).splitlines()]
    assert [(day, datetime.fromisoformat(end)) for day, end in lines] == [
        (day, ends[day]) for day in ("2026-03-13", "2026-03-12")
    ]
