from collections.abc import Iterator
from uuid import UUID

import pytest
from prefect.automations import AutomationCore
from prefect.client.orchestration import SyncPrefectClient
from prefect.events.actions import DoNothing
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.server.events.schemas.automations import EventTrigger as OfTheServer

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

FAILED = "prefect.flow-run.Failed"


@pytest.fixture
def automation(prefect: SyncPrefectClient) -> Iterator[UUID]:
    """An automation that answers failed runs."""
    trigger = EventTrigger(expect={FAILED}, posture=Posture.Reactive, threshold=1)
    core = AutomationCore(name="tell the team", trigger=trigger, actions=[DoNothing()])
    made = prefect.create_automation(core)
    yield made
    run("prefect automation delete --id $ID", ID=made)


def listed(page: StagedPage) -> list[list[str]]:
    return [line.split("\t") for line in run(page.code()).splitlines()]


def test_an_automation_is_listed(page: StagedPage, automation: UUID) -> None:
    page.says("**`false`.** The automation is paused.")
    assert listed(page) == [["tell the team", "true", FAILED]]
    run("prefect automation pause --id $ID", ID=automation)
    assert listed(page) == [["tell the team", "false", FAILED]]


def test_there_is_none(page: StagedPage, prefect: SyncPrefectClient) -> None:
    page.says("**No line.** Only hooks are there.")
    assert listed(page) == []


@pytest.mark.parametrize(
    ("state", "heard"), [("Failed", True), ("Crashed", False), ("TimedOut", False)]
)
def test_what_it_answers(page: StagedPage, state: str, heard: bool) -> None:
    page.says("One that expects `prefect.flow-run.Failed` does not hear of")
    trigger = OfTheServer(expect={FAILED}, posture="Reactive", threshold=1)
    assert trigger.expects(f"prefect.flow-run.{state}") is heard
