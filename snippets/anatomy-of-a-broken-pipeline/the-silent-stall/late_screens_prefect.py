"""A work pool without a worker: Prefect makes the runs, and each of them goes late."""

from datetime import UTC, datetime

from prefect import flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Scheduled

from testbed.prefect import server
from testbed.screens import Screens, browser
from testbed.supervisor import free_port

NIGHTS = [datetime(2026, 3, day, 3, 12, tzinfo=UTC) for day in (12, 13, 14)]
THREE_DAYS = "start=2026-03-12T00:00:00.000Z&end=2026-03-15T00:00:00.000Z"


@flow
def nightly() -> None:
    """Load the day before, and publish its revenue."""


def stage(client: SyncPrefectClient) -> None:
    """Deploy to a pool that nobody polls, and ask for three nights that are over."""
    client.create_work_pool(WorkPoolCreate(name="warehouse", type="process"))
    deployment = nightly.to_deployment("production", work_pool_name="warehouse")
    deployment.entrypoint = "nightly.py:nightly"
    deployed = deployment.apply()
    for night in NIGHTS:
        scheduled = Scheduled(scheduled_time=night)
        name = f"{night:%d-%B}".lower()
        client.create_flow_run_from_deployment(deployed, name=name, state=scheduled)


def late(url: str, screens: Screens) -> None:
    """List the runs that are late."""
    page = screens.page
    page.goto(f"{url}/v2/runs?state=Late&{THREE_DAYS}")
    cards = page.get_by_role("listitem").filter(has_text="warehouse")
    newest, oldest = cards.filter(has_text="14-march"), cards.filter(has_text="12-march")
    screens.take(
        "late",
        frame=[newest, oldest],
        marks={
            "state": newest.get_by_text("Late", exact=True),
            "pool": newest.get_by_role("link", name="warehouse"),
            "queue": newest.get_by_role("link", name="default"),
        },
    )


if __name__ == "__main__":
    url = f"http://127.0.0.1:{free_port()}"
    api = {PREFECT_API_URL: f"{url}/api"}
    with server(f"{url}/api", ui=True), temporary_settings(api):
        with get_client(sync_client=True) as client:
            stage(client)
        with browser(width=640, height=1100) as screens:
            late(url, screens)
    print(screens.printed())
