import inspect
from uuid import UUID

from conftest import Words
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.context import get_run_context
from prefect.runner import _flow_run_executor
from prefect.states import Crashed
from shell import run

SAID = "Process exited with status code: -9."


@flow
def nightly() -> UUID:
    return get_run_context().flow_run.id


def test_the_state_tells(page: Words, prefect: SyncPrefectClient) -> None:
    run_id = nightly()
    assert run(page.code(), FLOW_RUN_ID=run_id).strip() == "Completed"
    prefect.set_flow_run_state(run_id, Crashed(message=SAID), force=True)
    assert run(page.code(), FLOW_RUN_ID=run_id) == f"Crashed\t{SAID}\n"


def test_prefect_still_says_so() -> None:
    assert "Process exited with status code: " in inspect.getsource(_flow_run_executor)
