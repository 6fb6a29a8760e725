from datetime import UTC, datetime

from conftest import Words
from prefect.client.orchestration import SyncPrefectClient
from prefect.states import Failed
from shell import run
from stage_prefect import create_night, nightly


def test_the_days_that_were_published_are_told(page: Words, prefect: SyncPrefectClient) -> None:
    nightly("2026-03-12")
    nightly("2026-03-13")
    create_night(prefect, datetime(2026, 3, 15, 3, tzinfo=UTC), Failed())
    lines = [line.split("\t") for line in run(page.code()).splitlines()]
    assert [day for day, _ in lines] == ["2026-03-13", "2026-03-12"]
    assert lines[0][1] > lines[1][1]
