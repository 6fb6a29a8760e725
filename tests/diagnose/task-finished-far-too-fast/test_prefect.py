import pytest
from prefect import flow, task
from prefect.cache_policies import INPUTS

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

pytestmark = pytest.mark.usefixtures("prefect")


@task(cache_policy=INPUTS, persist_result=True)
def load_orders(day: str) -> int:
    return 10


@task
def stg_orders() -> None:
    """Another task, which must not be listed."""


@flow
def nightly(day: str) -> None:
    load_orders(day)
    stg_orders()


@flow
def hourly() -> None:
    load_orders("12")


def test_cached_is_told(page: StagedPage) -> None:
    for day in ("13", "14", "14"):
        nightly(day)
    hourly()
    lines = [line.split("\t") for line in run(page.code()).splitlines()]
    assert [state for _, _, state, _ in lines] == ["Cached", "Completed", "Completed"]
    assert all(name.startswith("load_orders-") for _, name, *_ in lines)
    assert all(float(seconds) >= 0 for *_, seconds in lines)
