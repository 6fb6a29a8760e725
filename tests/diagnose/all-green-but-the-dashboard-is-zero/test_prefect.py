from uuid import UUID

import pytest
from prefect import flow, task
from prefect.context import get_run_context
from prefect.states import Completed

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

pytestmark = pytest.mark.usefixtures("prefect")


@task
def load_orders(how: str) -> object:
    if how == "fail":
        raise RuntimeError("no export")
    return Completed(name="Skipped") if how == "skip" else 10


@flow
def nightly(how: str) -> UUID:
    load_orders(how, return_state=True)
    return get_run_context().flow_run.id


@pytest.mark.parametrize(
    ("how", "state"), [("work", "Completed"), ("skip", "Skipped"), ("fail", "Failed")]
)
def test_the_state_s_name_tells(page: StagedPage, how: str, state: str) -> None:
    run_id = nightly(how)
    nightly("work")  # another run, whose tasks must not be listed
    (line,) = run(page.code(), FLOW_RUN_ID=run_id).splitlines()
    name, found = line.split("\t")
    assert name.startswith("load_orders-")
    assert found == state
