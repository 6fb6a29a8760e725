import time
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
from httpx import HTTPStatusError
from prefect import flow, runtime, task, task_engine
from prefect.client.orchestration import SyncPrefectClient
from prefect.server.concurrency.lease_storage.memory import ConcurrencyLeaseStorage
from prefect.settings.context import get_current_settings

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

TAKE = "/v2/concurrency_limits/increment"
SLOT = {"names": ["tag:partner_api"], "slots": 1, "mode": "concurrency"}
FORGET = "prefect concurrency-limit reset partner_api"
Answer = tuple[list[str], list[str]]


@pytest.fixture
def limit(prefect: SyncPrefectClient) -> Iterator[None]:
    """A limit of one on all tasks with a tag."""
    run("prefect concurrency-limit create partner_api 1")
    yield
    run("prefect concurrency-limit delete partner_api")


def asked(page: StagedPage) -> Answer:
    """Return what the page's commands print: the counter with its limit, and the holders."""
    counter, holders, *_ = run(page.code()).splitlines()
    return counter.split("\t")[1:], holders.split("\t")[1:]


def test_a_holder_is_named_and_renews_its_lease(page: StagedPage, limit: None) -> None:
    page.says("**Prefect: each slot has a holder.**")
    page.says("A task renews the lease of its tag's slot, which lasts for 60 s.")

    @task(tags=["partner_api"], persist_result=False)
    def load_orders() -> tuple[str, Answer]:
        return str(runtime.task_run.id), asked(page)

    @flow
    def nightly() -> tuple[str, Answer]:
        return load_orders()

    with patch.object(task_engine, "_concurrency", wraps=task_engine._concurrency) as taken:
        holder, seen = nightly()
    assert seen == (["1", "1"], [holder])
    assert taken.call_args.kwargs["lease_duration"] == 60
    assert asked(page) == (["0", "1"], [])


def test_a_counter_without_a_holder_is_told_and_set(
    page: StagedPage, prefect: SyncPrefectClient, limit: None
) -> None:
    page.says("**Prefect: more are `counted` than `held`.**")
    page.says("`prefect global-concurrency-limit update tag:partner_api --active-slots 0`")
    # Taken without a lease: the same is left of a slot when the server has been restarted.
    prefect.request("POST", TAKE, json=SLOT)
    assert asked(page) == (["1", "1"], [])
    with pytest.raises(HTTPStatusError, match="423 Locked"):
        prefect.request("POST", TAKE, json=SLOT)
    run("prefect global-concurrency-limit update tag:partner_api --active-slots 0")
    assert asked(page) == (["0", "1"], [])
    prefect.request("POST", TAKE, json=SLOT)


def running(page: StagedPage) -> list[str]:
    """Return the task runs that the page's last command lists."""
    return [line.split("\t")[1] for line in run(page.code()).splitlines()[2:]]


def test_a_task_whose_lease_was_forgotten_runs_on(page: StagedPage, limit: None) -> None:
    page.says("it is `running`, not `held`, and gives no slot back when it ends")

    @task(tags=["partner_api"], persist_result=False)
    def load_orders() -> tuple[str, Answer, list[str]]:
        run(FORGET)  # the leases are gone and the counter stays, as after a restart
        until(lambda: running(page))
        return str(runtime.task_run.id), asked(page), running(page)

    @flow
    def nightly() -> tuple[str, Answer, list[str]]:
        return load_orders()

    loader, seen, at_work = nightly()
    assert (seen, at_work) == ((["1", "1"], []), [loader])
    until(lambda: not running(page))
    assert asked(page) == (["1", "1"], [])


def until(true: Callable[[], object]) -> None:
    """Wait for the server, which hears of a task's state by an event."""
    for _ in range(100):
        if true():
            return
        time.sleep(0.1)
    pytest.fail("it did not become true")


def test_a_reset_takes_a_slot_away_for_good(page: StagedPage, limit: None) -> None:
    page.says("in 3.8.8 it forgets the leases and leaves the counter")

    @task(tags=["partner_api"])
    def load_orders() -> None:
        run(FORGET)

    @flow
    def nightly() -> None:
        load_orders()

    nightly()
    assert asked(page) == (["1", "1"], [])


def test_leases_are_kept_in_memory(page: StagedPage) -> None:
    page.says("in the server's memory by default")
    where = get_current_settings().server.concurrency.lease_storage
    assert where == ConcurrencyLeaseStorage.__module__
