from datetime import UTC, datetime

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.states import Completed, Crashed, Failed, State

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.prefect import create_night
from tests.diagnose.staging.shell import run


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (Failed(message="no mail server"), "FAILED\tFailed\tno mail server"),
        (Crashed(message="exit code -9"), "CRASHED\tCrashed\texit code -9"),
        (Completed(), "COMPLETED\tCompleted\t"),
    ],
)
def test_who_said_so(page: StagedPage, prefect: SyncPrefectClient, state: State, told: str) -> None:
    night = create_night(prefect, datetime(2026, 3, 14, 3, tzinfo=UTC), state)
    assert run(page.code(), FLOW_RUN_ID=night.id).rstrip("\n") == told
