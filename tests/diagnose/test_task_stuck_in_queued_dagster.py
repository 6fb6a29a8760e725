from datetime import UTC, datetime

import dagster as dg
from conftest import Words
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.test_utils import create_run_for_test
from dagster._daemon.types import DaemonHeartbeat
from dagster_storage import ask


def test_daemon_and_capacity_are_told_apart(page: Words, dagster: dg.DagsterInstance) -> None:
    repository = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("company"), "all")
    create_run_for_test(
        dagster,
        status=dg.DagsterRunStatus.QUEUED,
        remote_job_origin=RemoteJobOrigin(repository, "nightly"),
    )
    ((queued, in_progress, seen),) = ask(dagster, page.code())
    assert (queued, in_progress, seen) == (1, 0, None)
    create_run_for_test(dagster, status=dg.DagsterRunStatus.STARTED)
    now = datetime.now(UTC)
    beat = DaemonHeartbeat(now.timestamp(), "QUEUED_RUN_COORDINATOR", "1", [])
    dagster.add_daemon_heartbeat(beat)
    ((queued, in_progress, seen),) = ask(dagster, page.code())
    assert (queued, in_progress) == (1, 1)
    assert seen == now.replace(tzinfo=None)
