"""Nights in Prefect that nobody ran: what the server keeps of them."""

from __future__ import annotations

from datetime import datetime

from prefect import Flow, flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Scheduled


@flow
def nightly(day: str = "") -> None:
    """Do nothing, for a day."""


@flow
def weekly(day: str = "") -> None:
    """Do nothing, for another reason."""


def create_night(
    client: SyncPrefectClient, due: datetime, state: State | None = None, of: Flow = nightly
) -> FlowRun:
    """Add a run that was due at this time; without a state it is still to come."""
    run = client.create_flow_run(of, state=Scheduled(scheduled_time=due))
    if state:
        client.set_flow_run_state(run.id, state, force=True)
    return run
