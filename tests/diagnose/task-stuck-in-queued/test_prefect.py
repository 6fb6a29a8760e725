import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


@pytest.fixture
def pool(prefect: SyncPrefectClient) -> str:
    if "night" not in [pool.name for pool in prefect.read_work_pools()]:
        prefect.create_work_pool(WorkPoolCreate(name="night", type="process"))
    return "night"


def answer(page: StagedPage) -> list[str]:
    return run(page.code(), POOL="night").strip().split("\t")


def test_the_pool_tells_whether_a_worker_polls(page: StagedPage, pool: str) -> None:
    assert answer(page) == ["NOT_READY", "no limit"]
    run("prefect work-pool pause night")
    assert answer(page)[0] == "PAUSED"
    run("prefect work-pool resume night")
    run("prefect worker start --pool night --run-once --type process")
    run("prefect work-pool set-concurrency-limit night 3")
    assert answer(page) == ["READY", "3"]
