from collections.abc import Iterator
from uuid import UUID

import pytest
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import FlowRun
from prefect.settings.context import get_current_settings
from prefect.states import Pending, Running

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


@flow
def nightly() -> None:
    """Load the orders."""


@pytest.fixture
def taken(prefect: SyncPrefectClient) -> Iterator[FlowRun]:
    """A run that a worker was given and called pending, and after which nothing was heard."""
    prefect.create_work_pool(WorkPoolCreate(name="lost", type="process"))
    by_hand = nightly.to_deployment("production")
    by_hand.work_pool_name = "lost"
    deployment = by_hand.apply()
    created = prefect.create_flow_run_from_deployment(deployment)
    assert handed_out(prefect) == [created.id]
    prefect.set_flow_run_state(created.id, Pending())
    yield created
    prefect.delete_deployment(deployment)
    prefect.delete_work_pool("lost")


def handed_out(prefect: SyncPrefectClient) -> list[UUID]:
    """List the runs that a worker would get if it asked now."""
    answer = prefect.request("POST", "/work_pools/lost/get_scheduled_flow_runs", json={})
    return [UUID(one["flow_run"]["id"]) for one in answer.json()]


def asked(page: StagedPage) -> list[list[str]]:
    return [line.split("\t") for line in run(page.code()).splitlines()]


def test_no_worker_gets_it_again(
    page: StagedPage, prefect: SyncPrefectClient, taken: FlowRun
) -> None:
    page.says("**Prefect: `Pending`, `no infrastructure`.** A worker took the run")
    page.says("No worker is given it a second time")
    ((state, _, infrastructure, of),) = asked(page)
    assert (state, infrastructure, of) == ("Pending", "no infrastructure", str(taken.id))
    assert handed_out(prefect) == []


def test_a_cancel_ends_it_in_a_while(
    page: StagedPage, prefect: SyncPrefectClient, taken: FlowRun
) -> None:
    page.says("it is `Cancelling` at first, and after 300 s the server makes it `Cancelled`")
    run("prefect flow-run cancel $ID", ID=taken.id)
    assert prefect.read_flow_run(taken.id).state_name == "Cancelling"
    settings = get_current_settings().server.services.cancellation_cleanup
    assert (settings.enabled, settings.cancelling_timeout_seconds) == (True, 300)


def test_the_name_of_its_infrastructure_is_told(
    page: StagedPage, prefect: SyncPrefectClient, taken: FlowRun
) -> None:
    page.says("**Prefect: `Running`, with infrastructure that is gone.**")
    prefect.update_flow_run(taken.id, infrastructure_pid="worker-3:4711")
    assert asked(page)[0][::2] == ["Pending", "worker-3:4711"]
    prefect.set_flow_run_state(taken.id, Running())
    assert asked(page)[0][::2] == ["Running", "worker-3:4711"]
