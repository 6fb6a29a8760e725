from pathlib import Path

import dagster as dg
import pytest

from tests.diagnose.staging.page import COMPANY, PYTHONPATH, StagedPage
from tests.diagnose.staging.shell import run

RUNNING = dg.DefaultSensorStatus.RUNNING


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Begin with an instance that has no run, in the folder of the module."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", PYTHONPATH)
    monkeypatch.chdir(COMPANY)


def test_a_sensor_begins_stopped(page: StagedPage) -> None:
    page.says("**`[STOPPED]`.** So each sensor begins, unless its code or a person starts it.")
    assert "Sensor: tell_the_team [STOPPED]" in run(page.code())
    run("dagster sensor start tell_the_team -m pipelines")
    assert "Sensor: tell_the_team [RUNNING]" in run(page.code())


def test_what_it_tells_of(page: StagedPage) -> None:
    page.says("One that is started tells of no failure from before its first look.")
    page.says("A run that was canceled is no failure.")
    told: list[str] = []

    @dg.op
    def load_orders() -> None:
        raise ValueError("no such column")

    @dg.job
    def nightly() -> None:
        load_orders()

    @dg.run_failure_sensor
    def tell_the_team(context: dg.RunFailureSensorContext) -> None:
        told.append(context.dagster_run.run_id)

    repository = dg.Definitions(jobs=[nightly], sensors=[tell_the_team]).get_repository_def()

    def look(instance: dg.DagsterInstance, cursor: str | None) -> str | None:
        """Do what the daemon does each half minute."""
        sensor = {"instance": instance, "cursor": cursor, "repository_def": repository}
        return tell_the_team.evaluate_tick(dg.build_sensor_context(**sensor)).cursor

    with dg.DagsterInstance.get() as instance:
        nightly.execute_in_process(instance=instance, raise_on_error=False)
        cursor = look(instance, None)
        assert told == []
        failed = nightly.execute_in_process(instance=instance, raise_on_error=False)
        cursor = look(instance, cursor)
        assert told == [failed.run_id]
        instance.report_run_canceled(instance.create_run_for_job(nightly))
        look(instance, cursor)
        assert told == [failed.run_id]
