import pytest
from prefect import flow, task
from prefect.client.orchestration import SyncPrefectClient
from prefect.states import Crashed

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

pytestmark = pytest.mark.usefixtures("prefect")


@task
def extract(export: list[int]) -> int:
    return export[0]


@flow
def waited(export: list[int]) -> None:
    extract.submit(export).wait()


@flow
def asked(export: list[int]) -> None:
    extract.submit(export).result()


def test_a_failure_below_a_green_run_is_told(page: StagedPage) -> None:
    waited([10])
    asked([], return_state=True)
    assert run(page.code()) == ""
    waited([])
    (line,) = run(page.code()).splitlines()
    _, name, state = line.split("\t")
    assert name.startswith("extract-")
    assert state == "Failed"


def test_the_newest_is_told_first(page: StagedPage, prefect: SyncPrefectClient) -> None:
    for export in ([], [10], []):
        waited(export)
    crashed = next(run for run in prefect.read_task_runs() if run.state.is_completed())
    prefect.set_task_run_state(crashed.id, Crashed(), force=True)
    found = [line.split("\t") for line in run(page.code()).splitlines()]
    nights = sorted(prefect.read_flow_runs(), key=lambda night: night.start_time, reverse=True)
    assert [run_id for run_id, *_ in found] == [str(night.id) for night in nights]
    assert [state for *_, state in found] == ["Failed", "Crashed", "Failed"]
