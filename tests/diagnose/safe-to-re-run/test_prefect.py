import os
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound

from testbed.prefect import running
from tests.diagnose.staging.page import COMPANY, PYTHONPATH, StagedPage
from tests.diagnose.staging.prefect import nightly
from tests.diagnose.staging.re_run import DAYS, HALVED, RIGHT, begin, ends
from tests.diagnose.staging.shell import CommandError, run

NAME = "nightly/prod"


@pytest.fixture(scope="module", autouse=True)
def served(sandbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Serve the deployment, from a process that asks for runs every second."""
    days = str(tmp_path_factory.mktemp("days") / "days.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAYS", days)
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        program = str(COMPANY / "served_nightly_prefect.py")
        with running(sys.executable, program, DAYS=days, PYTHONPATH=PYTHONPATH):
            yield
    with get_client(sync_client=True) as client:
        client.delete_deployment(client.read_deployment_by_name(NAME).id)


@pytest.fixture(autouse=True)
def deployed(prefect: SyncPrefectClient) -> None:
    """Wait until the deployment is there."""
    for _ in range(120):
        try:
            prefect.read_deployment_by_name(NAME)
        except ObjectNotFound:
            time.sleep(0.5)
        else:
            return
    raise TimeoutError(f"{NAME} is not served")


def last_night(**parameters: object) -> UUID:
    """Run the deployment for Friday."""
    return run_deployment(NAME, parameters={"day": DAYS[-1], **parameters}).id


def retry(page: StagedPage, prefect: SyncPrefectClient, run_id: UUID) -> str:
    """Run the page's command, and wait for the end of what it started."""
    run(page.code("clear"), FLOW_RUN_ID=run_id)
    for _ in range(240):
        state = prefect.read_flow_run(run_id).state
        if state.is_final():
            return state.name
        time.sleep(0.5)
    raise TimeoutError(f"{run_id} has not ended")


def test_a_retry_calls_the_load_again(page: StagedPage, prefect: SyncPrefectClient) -> None:
    begin(*[RIGHT] * 3)
    run_id = last_night()
    begin(*[HALVED] * 3)
    assert retry(page, prefect, run_id) == "Completed"
    assert ends() == [HALVED, HALVED, RIGHT]


def test_a_retry_adds_to_a_right_load(page: StagedPage, prefect: SyncPrefectClient) -> None:
    begin(*[RIGHT] * 3)
    run_id = last_night()
    begin(RIGHT, RIGHT, "1000/500", appends=True)
    retry(page, prefect, run_id)
    assert ends()[-1] == "2000/2000"


def test_a_persisted_load_is_not_called_again(page: StagedPage, prefect: SyncPrefectClient) -> None:
    begin(*[RIGHT] * 3)
    run_id = last_night(persist=True)
    begin(RIGHT, RIGHT, HALVED)
    assert retry(page, prefect, run_id) == "Completed"
    assert ends()[-1] == HALVED


def test_a_run_without_a_deployment_is_refused(page: StagedPage) -> None:
    with pytest.raises(CommandError, match="--entrypoint"):
        run(page.code("clear"), FLOW_RUN_ID=nightly(return_state=True).state_details.flow_run_id)


def test_each_day_of_the_window_is_a_new_run(page: StagedPage, prefect: SyncPrefectClient) -> None:
    begin(*[HALVED] * 3)
    run(page.code("backfill"))
    assert ends() == [RIGHT] * 3
    runs = sorted(prefect.read_flow_runs(), key=lambda run: run.start_time)
    assert [run.parameters["day"] for run in runs] == [*DAYS]
    assert all(one.end_time <= then.start_time for one, then in pairwise(runs))


def test_the_window_ends_at_a_day_that_fails(page: StagedPage, prefect: SyncPrefectClient) -> None:
    begin(*[HALVED] * 3)
    run(page.code("backfill").replace("=$day", "=$day -p fail=true"))
    assert [run.parameters["day"] for run in prefect.read_flow_runs()] == [DAYS[0]]
    assert ends() == ["1000/500", HALVED, HALVED]
