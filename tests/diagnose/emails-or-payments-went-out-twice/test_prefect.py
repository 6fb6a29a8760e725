import pytest
from prefect import flow, task
from prefect.context import get_run_context

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

pytestmark = pytest.mark.usefixtures("prefect")


@task(retries=1)
def send_invoices(fault: bool) -> None:
    if fault and get_run_context().task_run.run_count == 1:
        raise TimeoutError("no answer")


@task
def load_orders() -> None:
    """Load them."""


@flow
def nightly(fault: bool) -> None:
    load_orders()
    send_invoices(fault)


def test_two_attempts_are_told_from_two_runs(page: StagedPage) -> None:
    nightly(True)
    nightly(False)
    lines = [line.split("\t") for line in run(page.code()).splitlines()]
    assert sorted(line[1:4] for line in lines) == [["1", "1", "Completed"], ["1", "2", "Completed"]]
    assert len({line[0] for line in lines}) == 2
