from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.test_utils import create_run_for_test
from dagster._daemon.types import DaemonHeartbeat

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


def test_daemon_and_capacity_are_told_apart(page: StagedPage, dagster: dg.DagsterInstance) -> None:
    repository = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("company"), "all")
    create_run_for_test(
        dagster,
        status=dg.DagsterRunStatus.QUEUED,
        remote_job_origin=RemoteJobOrigin(repository, "nightly"),
    )
    ((queued, in_progress, seen),) = ask(dagster, page.code())
    assert (queued, in_progress, seen) == (1, 0, None)
    for status in (dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED):
        create_run_for_test(dagster, status=status)
    create_run_for_test(dagster, status=dg.DagsterRunStatus.SUCCESS)
    now = datetime.now(UTC)
    for daemon, seen in (("QUEUED_RUN_COORDINATOR", now), ("SENSOR", now + timedelta(hours=1))):
        dagster.add_daemon_heartbeat(DaemonHeartbeat(seen.timestamp(), daemon, "1", []))
    ((queued, in_progress, seen),) = ask(dagster, page.code())
    assert (queued, in_progress) == (1, 2)
    assert seen == now.replace(tzinfo=None)
