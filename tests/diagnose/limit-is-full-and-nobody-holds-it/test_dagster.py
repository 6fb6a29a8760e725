import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest
from dagster._daemon.monitoring.concurrency import execute_concurrency_slots_iteration

from tests.diagnose.staging.dagster_storage import ask, one_log
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

FREED = {"run_monitoring": {"enabled": True, "free_slots_after_run_end_seconds": 1}}
QUIET = {"telemetry": {"enabled": False}}


@dg.op(pool="partner_api")
def load_orders() -> None:
    """Load, on a machine that is taken away in the middle."""
    os._exit(9)


@dg.job(executor_def=dg.in_process_executor)
def nightly() -> None:
    """Load the orders."""
    load_orders()


@pytest.mark.parametrize("monitoring", [{"enabled": True}, {}])
def test_monitoring_is_off_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, monitoring: dict[str, bool]
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    set_ = {"run_monitoring": monitoring | {"free_slots_after_run_end_seconds": 1}}
    (tmp_path / "dagster.yaml").write_text(json.dumps(one_log(tmp_path) | set_ | QUIET))
    with dg.DagsterInstance.get() as instance:
        watched = "MONITORING" in instance.get_required_daemon_types()
    assert watched == bool(monitoring)


@pytest.fixture
def lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """A pool of one, and a run whose process died in a step of it; it was found, and is failed."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    config = one_log(tmp_path) | FREED | QUIET
    (tmp_path / "dagster.yaml").write_text(json.dumps(config))
    run("dagster instance concurrency set partner_api 1")
    with dg.DagsterInstance.get() as instance:
        process = os.fork()
        if not process:
            nightly.execute_in_process(instance=instance)
        os.waitpid(process, 0)
        (record,) = instance.get_run_records()
        instance.report_run_failed(record.dagster_run)
        yield instance


def monitor(instance: dg.DagsterInstance) -> None:
    """Do what the daemon does between its looks at the runs."""
    context = SimpleNamespace(instance=instance)
    list(execute_concurrency_slots_iteration(context, logging.getLogger()))


def test_the_slot_of_a_run_that_has_ended_stays_taken(
    page: StagedPage, lost: dg.DagsterInstance
) -> None:
    page.says("**Dagster: a slot of a run that has ended.** `status` is `FAILURE` or `CANCELED`")
    assert "1 / 1 slots occupied" in run(page.code())
    ((pool, _, step, status),) = ask(lost, page.code(number=1))
    assert (pool, step, status) == ("partner_api", "load_orders", "FAILURE")


def test_monitoring_frees_it(page: StagedPage, lost: dg.DagsterInstance) -> None:
    page.says("both `enabled: true`, which is off by default,")
    page.says("and `free_slots_after_run_end_seconds`")
    for _ in range(100):
        monitor(lost)
        if "0 / 1 slots occupied" in (said := run(page.code())):
            break
        time.sleep(0.1)
    assert "0 / 1 slots occupied" in said
    assert ask(lost, page.code(number=1)) == []
