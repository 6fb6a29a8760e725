from collections.abc import Iterator

import pytest
from prefect import flow, task
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.server.concurrency.lease_storage.memory import ConcurrencyLeaseStorage
from prefect.server.models import concurrency_limits
from prefect.settings.context import get_current_settings
from prefect.states import Completed, Pending, Running

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

TAKE = "/v2/concurrency_limits/increment"


@task(tags=["partner_api"])
def load_orders() -> None:
    """Load the orders."""


@flow
def nightly() -> None:
    """Load the orders."""


@pytest.fixture
def limit(prefect: SyncPrefectClient) -> Iterator[None]:
    """A limit of one on all tasks with a tag."""
    run("prefect concurrency-limit create partner_api 1")
    yield
    run("prefect concurrency-limit delete partner_api")


def counted(page: StagedPage) -> tuple[list[str], list[str]]:
    """Return what the page's commands print: the counter with its limit, and the holders."""
    count, holders = run(page.code()).splitlines()
    return count.split("\t")[1:], holders.split("\t")[1:]


def begun(prefect: SyncPrefectClient, of: FlowRun, key: str) -> tuple[str, str]:
    """Try to begin a task with the tag; return its id, and what the server says."""
    created = prefect.create_task_run(load_orders, of.id, key, state=Pending())
    return str(created.id), prefect.set_task_run_state(created.id, Running()).status.name


def test_a_holder_is_named_and_its_end_gives_the_slot_back(
    page: StagedPage, prefect: SyncPrefectClient, limit: None
) -> None:
    page.says("**Prefect: a holder whose process is gone.**")
    page.says("The lease of a tag's limit is made for a hundred years")
    night = prefect.create_flow_run(nightly, state=Running())
    holder, said = begun(prefect, night, "first")
    assert (said, counted(page)) == ("ACCEPT", (["1", "1"], [holder]))
    assert concurrency_limits.V1_LEASE_TTL.days == 100 * 365
    assert begun(prefect, night, "second")[1] == "WAIT"
    prefect.set_task_run_state(holder, Completed())
    assert counted(page) == (["0", "1"], [])


def test_a_counter_without_a_holder_is_told_and_reset(
    page: StagedPage, prefect: SyncPrefectClient, limit: None
) -> None:
    page.says("**Prefect: more are `counted` than `held`.**")
    page.says("`prefect concurrency-limit reset partner_api` for a tag")
    # The slot is taken without a lease: what is left of one when the server has been restarted.
    prefect.request("POST", TAKE, json={"names": ["tag:partner_api"], "slots": 1})
    assert counted(page) == (["1", "1"], [])
    night = prefect.create_flow_run(nightly, state=Running())
    assert begun(prefect, night, "first")[1] == "WAIT"
    run("prefect concurrency-limit reset partner_api")
    assert counted(page) == (["0", "1"], [])
    assert begun(prefect, night, "second")[1] == "ACCEPT"


def test_a_global_counter_is_set(page: StagedPage, prefect: SyncPrefectClient) -> None:
    page.says("`prefect global-concurrency-limit update <name> --active-slots 0`")
    run("prefect global-concurrency-limit create partners --limit 1")
    prefect.request("POST", TAKE, json={"names": ["partners"], "slots": 1})
    run("prefect global-concurrency-limit update partners --active-slots 0")
    assert prefect.read_global_concurrency_limit_by_name("partners").active_slots == 0
    run("prefect global-concurrency-limit delete partners")


def test_leases_are_kept_in_memory(page: StagedPage) -> None:
    page.says("in the server's memory by default")
    where = get_current_settings().server.concurrency.lease_storage
    assert where == ConcurrencyLeaseStorage.__module__
