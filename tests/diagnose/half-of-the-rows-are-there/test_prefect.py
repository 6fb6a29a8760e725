from uuid import UUID

import pytest
from prefect import flow, task
from prefect.context import get_run_context
from prefect.states import Completed, State

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

pytestmark = pytest.mark.usefixtures("prefect")


@task
def load_file(number: int, lost: int) -> State | None:
    if number == lost:
        raise ConnectionResetError("connection reset by peer")
    return Completed(name="Skipped") if number == -lost else None


@task
def stg_orders() -> None:
    """Clean them."""


@flow
def nightly(lost: int) -> UUID:
    stg_orders()
    load_file.map([1, 2, 3], lost=lost).wait()
    return get_run_context().flow_run.id


@pytest.mark.parametrize(
    ("lost", "parts"),
    [
        (0, ["Completed\t3"]),
        (3, ["Completed\t2", "Failed\t1"]),
        (-3, ["Completed\t2", "Skipped\t1"]),
    ],
)
def test_the_parts_are_counted(page: StagedPage, lost: int, parts: list[str]) -> None:
    run_id = nightly(lost)
    nightly(3 - lost)  # another run, whose parts must not be counted
    assert run(page.code(), FLOW_RUN_ID=run_id).splitlines() == parts
