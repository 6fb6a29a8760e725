from prefect import flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.schedules import Cron

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


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
