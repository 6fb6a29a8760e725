from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.schedules import CronSchedule

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.prefect import nightly, weekly
from tests.diagnose.staging.shell import run


def deploy(
    client: SyncPrefectClient, name: str, *, paused: bool, active: bool, of: Flow = nightly
) -> None:
    """Register a deployment that is due at three, if it may."""
    schedule = DeploymentScheduleCreate(schedule=CronSchedule(cron="0 3 * * *"), active=active)
    client.create_deployment(client.create_flow(of), name, paused=paused, schedules=[schedule])


def test_what_stands_still_is_told(page: StagedPage, prefect: SyncPrefectClient) -> None:
    deploy(prefect, "well", paused=False, active=True)
    deploy(prefect, "paused", paused=True, active=True)
    deploy(prefect, "switched off", paused=False, active=False)
    deploy(prefect, "another flow", paused=False, active=True, of=weekly)
    assert sorted(run(page.code()).splitlines()) == [
        "paused\ttrue\tNOT_READY\t1",
        "switched off\tfalse\tNOT_READY\t0",
        "well\tfalse\tNOT_READY\t1",
    ]
