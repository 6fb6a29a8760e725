import inspect
from logging import ERROR, INFO, WARNING
from uuid import UUID

import pytest
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import LogCreate
from prefect.context import get_run_context
from prefect.types._datetime import now
from prefect.workers.base import BaseWorker

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


@flow
def nightly() -> UUID:
    return get_run_context().flow_run.id


@pytest.mark.parametrize(
    ("level", "said", "found"),
    [
        (INFO, "rows loaded", False),
        (INFO, "job 4711 submitted", True),
        (INFO, "Submitted job 4711", True),
        (INFO, "Traceback (most recent call last):", True),
        (WARNING, "retrying", True),
        (ERROR, "no such table", True),
        (INFO, "Flow run 'nightly' submitted to infrastructure", False),
    ],
)
def test_the_log_tells(
    page: StagedPage, prefect: SyncPrefectClient, level: int, said: str, found: bool
) -> None:
    run_id = nightly()
    line = LogCreate(
        name="prefect.flow_runs", level=level, message=said, timestamp=now(), flow_run_id=run_id
    )
    prefect.create_logs([line])
    assert (said in run(page.code(), FLOW_RUN_ID=run_id)) is found


def test_the_worker_still_says_so() -> None:
    assert "submitted to infrastructure" in inspect.getsource(BaseWorker)
