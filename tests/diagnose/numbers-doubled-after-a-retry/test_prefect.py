from uuid import UUID

import pytest
from prefect import flow, task
from prefect.context import get_run_context

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

pytestmark = pytest.mark.usefixtures("prefect")


@task(retries=1)
def load_orders(fault: bool) -> None:
    if fault and get_run_context().task_run.run_count == 1:
        raise ConnectionResetError("connection reset by peer")


@flow
def nightly(fault: bool) -> UUID:
    load_orders(fault)
    return get_run_context().flow_run.id


@pytest.mark.parametrize(("fault", "attempts"), [(False, "1"), (True, "2")])
def test_the_attempts_are_counted(page: StagedPage, fault: bool, attempts: str) -> None:
    run_id = nightly(fault)
    nightly(not fault)  # another run, whose tasks must not be listed
    (line,) = run(page.code(), FLOW_RUN_ID=run_id).splitlines()
    assert line.split("\t")[1:] == ["Completed", attempts, "1"]
