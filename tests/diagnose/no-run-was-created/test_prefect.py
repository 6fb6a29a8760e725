import time
from collections.abc import Iterator
from datetime import datetime

import pytest
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.responses import DeploymentResponse
from prefect.schedules import Cron
from prefect.states import Scheduled

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run
from tests.words import page_at

NIGHTS = ["2026-03-11", "2026-03-12", "2026-03-13"]


@flow
def nightly() -> None:
    """Load the orders."""


def rows(page: StagedPage) -> list[list[str]]:
    return [line.split("\t") for line in run(page.code()).splitlines()]


def test_the_switches_are_told(page: StagedPage, prefect: SyncPrefectClient) -> None:
    deployment = nightly.to_deployment(name="production", schedule=Cron("0 3 * * *"))
    deployment.apply()
    assert rows(page) == [["deployment", "false", "NOT_READY"], ["schedule", "false", "0 3 * * *"]]
    found = prefect.read_deployment_by_name("nightly/production")
    run("prefect deployment schedule pause nightly/production $ID", ID=found.schedules[0].id)
    assert rows(page)[1][1] == "true"
    prefect.pause_deployment(found.id)
    assert rows(page)[0][1] == "true"
    prefect.delete_deployment(found.id)


@pytest.fixture
def late(prefect: SyncPrefectClient) -> Iterator[DeploymentResponse]:
    """A deployment to a work pool without a worker, three of whose nights have gone by."""
    prefect.create_work_pool(WorkPoolCreate(name="machines", type="process"))
    by_night = nightly.to_deployment("production", schedule=Cron("0 3 * * *"))
    by_night.work_pool_name = "machines"
    deployment = by_night.apply()
    for night in NIGHTS:
        due = Scheduled(scheduled_time=datetime.fromisoformat(f"{night}T03:00:00+00:00"))
        prefect.create_flow_run_from_deployment(deployment, state=due)
    yield prefect.read_deployment_by_name("nightly/production")
    prefect.delete_deployment(prefect.read_deployment_by_name("nightly/production").id)
    prefect.delete_work_pool("machines")


def handed_out(prefect: SyncPrefectClient) -> list[str]:
    """List the nights that a worker would get if it asked now."""
    answer = prefect.request("POST", "/work_pools/machines/get_scheduled_flow_runs", json={})
    return sorted(run["flow_run"]["expected_start_time"][:10] for run in answer.json())


def listed(page: StagedPage) -> dict[str, str]:
    """Ask for the late nights until the server has called all three late, and for their ids."""
    for _ in range(100):
        found = [line.split("\t") for line in run(page.code(number=1)).splitlines()]
        if len(found) == len(NIGHTS):
            break
        time.sleep(0.2)
    return {due[:10]: run_id for due, run_id in found}


def test_every_late_run_starts_once_a_worker_polls(
    page: StagedPage, prefect: SyncPrefectClient, late: DeploymentResponse
) -> None:
    page.says("every late one starts when a worker polls it again")
    page_at("diagnose/task-stuck-in-queued.md").says(
        "count the late runs before you bring a worker back: all of them start"
    )
    page_at("glossary/catch-up.md").says("all of them start when a worker is back")
    assert set(handed_out(prefect)) >= set(NIGHTS)


def test_a_paused_pool_keeps_them_too(
    page: StagedPage, prefect: SyncPrefectClient, late: DeploymentResponse
) -> None:
    page.says("A work pool that was paused or had no worker has kept its runs")
    run("prefect work-pool pause machines")
    run("prefect work-pool resume machines")
    assert set(handed_out(prefect)) >= set(NIGHTS)


def test_what_is_cancelled_does_not_start(
    page: StagedPage, prefect: SyncPrefectClient, late: DeploymentResponse
) -> None:
    page.says("cancel those that nobody wants by `prefect flow-run cancel <id>`")
    first, *others = NIGHTS
    run("prefect flow-run cancel $ID", ID=listed(page)[first])
    nights = handed_out(prefect)
    assert first not in nights
    assert set(nights) >= set(others)
