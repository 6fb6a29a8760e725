import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import dagster as dg
import pytest
from dagster._daemon.run_coordinator import QueuedRunCoordinatorDaemon

from testbed.supervisor import Supervisor, supervised
from tests.diagnose.staging.page import COMPANY, PYTHONPATH, StagedPage
from tests.diagnose.staging.re_run import DAYS, HALVED, RIGHT, begin, ends
from tests.diagnose.staging.shell import CommandError, run

SUCCEEDED = dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS])
ONE_AT_A_TIME = "concurrency: {runs: {max_concurrent_runs: 1}}"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Begin with an instance that has no run, in the folder of the module."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setenv("DAYS", str(tmp_path / "days.json"))
    monkeypatch.setenv("PYTHONPATH", PYTHONPATH)
    monkeypatch.chdir(COMPANY)


def test_the_day_is_loaded_with_what_follows(page: StagedPage) -> None:
    begin(RIGHT, RIGHT, HALVED)
    run(page.code("clear"))
    assert ends() == [RIGHT] * 3


def test_the_day_that_was_reported_is_not_the_window(page: StagedPage) -> None:
    begin(*[HALVED] * 3)
    run(page.code("clear"))
    assert ends() == [HALVED, HALVED, RIGHT]


def test_without_the_plus_the_figure_stays(page: StagedPage) -> None:
    begin(RIGHT, RIGHT, HALVED)
    run(page.code("clear").replace("+", ""))
    assert ends()[-1] == "1000/500"


def test_without_a_partition_nothing_is_run(page: StagedPage) -> None:
    with pytest.raises(CommandError):
        run(page.code("clear").partition(" --partition")[0])


def test_what_is_behind_a_right_load(page: StagedPage) -> None:
    begin(RIGHT, RIGHT, "1000/500", appends=True)
    run(page.code("downstream"))
    assert ends() == [RIGHT] * 3
    run(page.code("clear"))
    assert ends() == [RIGHT, RIGHT, "2000/2000"]


def test_it_asks(page: StagedPage) -> None:
    begin(*[HALVED] * 3)
    assert "Aborted!" in run(page.code("backfill"), "n\n")
    assert would_start(dg.DagsterInstance.get()) == []


def test_the_window_starts_at_once(page: StagedPage) -> None:
    begin(*[HALVED] * 3)
    run(page.code("backfill"), "y\n")
    assert would_start(dg.DagsterInstance.get()) == [*DAYS]


def test_the_window_is_run_one_by_one(page: StagedPage, tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_text(ONE_AT_A_TIME)
    begin(*[HALVED] * 3)
    run(page.code("backfill"), "y\n")
    instance = dg.DagsterInstance.get()
    assert would_start(instance) == [DAYS[0]]
    with daemon() as supervisor:
        supervisor.wait_for("three runs", lambda: instance.get_runs_count(SUCCEEDED) == len(DAYS))
    assert ends() == [RIGHT] * 3
    runs = instance.get_run_records(ascending=True)
    assert [day_of(one.dagster_run) for one in runs] == [*DAYS]
    assert all(one.end_time <= then.start_time for one, then in pairwise(runs))


def would_start(instance: dg.DagsterInstance) -> list[str]:
    """Ask for the days that the daemon takes from the queue at its next look."""
    limits = instance.get_concurrency_config()
    runs = QueuedRunCoordinatorDaemon(1)._get_runs_to_dequeue(instance, limits, None)
    return [day_of(run) for run in runs]


def day_of(run: dg.DagsterRun) -> str:
    return run.tags["dagster/partition"]


@contextmanager
def daemon() -> Iterator[Supervisor]:
    """Let Dagster's daemon run, which starts what is queued."""
    module = ("-m", "pipelines", "-d", str(COMPANY))
    with supervised("dagster-") as supervisor:
        command = [sys.executable, "-m", "dagster._daemon", "run", *module]
        supervisor.launch(command, dict(os.environ), supervisor.home / "daemon.log")
        yield supervisor
