from datetime import UTC, datetime

from prefect.client.orchestration import SyncPrefectClient
from prefect.states import Running

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.prefect import create_night, weekly
from tests.diagnose.staging.shell import run


def test_the_weekend_s_runs_are_told(page: StagedPage, prefect: SyncPrefectClient) -> None:
    begun_today = Running()  # it is listed by when it was due
    for day in (27, 26, 25, 24, 23):
        create_night(prefect, datetime(2026, 10, day, 0, 30, tzinfo=UTC), begun_today)
    create_night(prefect, datetime(2026, 10, 25, 1, 30, tzinfo=UTC), of=weekly)
    lines = [line.split("\t") for line in run(page.code()).splitlines()]
    assert [due[:16] for due, *_ in lines] == [f"2026-10-{day}T00:30" for day in (24, 25, 26)]
    assert {how for _, how, _ in lines} == {"false"}  # by hand
