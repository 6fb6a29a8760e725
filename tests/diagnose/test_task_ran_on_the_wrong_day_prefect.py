from uuid import UUID

import pytest
from conftest import Words
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.context import get_run_context
from prefect.schedules import Cron
from shell import run

pytestmark = pytest.mark.usefixtures("prefect")


@flow
def of_a_day(day: str) -> UUID:
    return get_run_context().flow_run.id


@flow
def of_the_clock() -> UUID:
    return get_run_context().flow_run.id


def test_the_day_of_a_run_is_told(page: Words) -> None:
    for run_id, day in ((of_a_day("2026-03-12"), "2026-03-12"), (of_the_clock(), "")):
        found, due, started, scheduled = run(page.code(), FLOW_RUN_ID=run_id)[:-1].split("\t")
        assert (found, scheduled) == (day, "false")
        assert due <= started


def test_the_run_of_a_schedule_is_told(page: Words, prefect: SyncPrefectClient) -> None:
    day = {"day": "2026-03-13"}
    of_a_day.to_deployment("production", schedule=Cron("0 3 * * *"), parameters=day).apply()
    deployment = prefect.read_deployment_by_name("of-a-day/production").id
    run("prefect api POST /deployments/$ID/schedule --data '{}'", ID=deployment)
    night = prefect.read_flow_runs(limit=1)[0]
    found, due, started, scheduled = run(page.code(), FLOW_RUN_ID=night.id)[:-1].split("\t")
    prefect.delete_deployment(deployment)
    assert (found, started, scheduled) == ("2026-03-13", "", "true")
    assert due
