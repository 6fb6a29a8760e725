from datetime import UTC, datetime

import pytest
from conftest import Words
from prefect.client.orchestration import SyncPrefectClient
from prefect.states import Completed, Crashed, Failed, State
from shell import run
from stage_prefect import create_night


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (Failed(message="no mail server"), "FAILED\tFailed\tno mail server"),
        (Crashed(message="exit code -9"), "CRASHED\tCrashed\texit code -9"),
        (Completed(), "COMPLETED\tCompleted\t"),
    ],
)
def test_who_said_so(page: Words, prefect: SyncPrefectClient, state: State, told: str) -> None:
    night = create_night(prefect, datetime(2026, 3, 14, 3, tzinfo=UTC), state)
    assert run(page.code(), FLOW_RUN_ID=night.id).rstrip("\n") == told
