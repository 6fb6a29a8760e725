import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import run_deployment

from testbed.prefect import process_worker
from tests.diagnose.staging.page import PYTHONPATH, StagedPage
from tests.diagnose.staging.shell import run

SAID = "Process exited with status code: -9."


@flow(retries=2)
def nightly(killed: bool) -> None:
    """Load the orders, on a machine that has the memory or has not."""
    if killed:
        os.kill(os.getpid(), signal.SIGKILL)


def night(killed: bool) -> FlowRun:
    """Run the deployed flow on the worker, to its end."""
    return run_deployment("nightly/night", parameters={"killed": killed}, poll_interval=0.2)


@pytest.fixture
def worker(prefect: SyncPrefectClient) -> Iterator[None]:
    """A worker with this flow deployed to its pool."""
    prefect.create_work_pool(WorkPoolCreate(name="machines", type="process"))
    source = flow.from_source(Path(__file__).parent, f"{Path(__file__).name}:nightly")
    source.deploy("night", work_pool_name="machines", print_next_steps=False)
    with process_worker("machines", PYTHONPATH=PYTHONPATH):
        yield
    prefect.delete_deployment(prefect.read_deployment_by_name("nightly/night").id)


def test_the_state_tells(page: StagedPage, worker: None) -> None:
    finished, killed = night(killed=False), night(killed=True)
    assert run(page.code(), FLOW_RUN_ID=finished.id).strip() == "Completed"
    assert run(page.code(), FLOW_RUN_ID=killed.id).startswith(f"Crashed\t{SAID}")
    assert killed.run_count == 1  # its retries were to be made by the process that was killed
