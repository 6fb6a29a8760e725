from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from airflow.sdk import DAG


def test_bug_is_real(program: ModuleType) -> None:
    after, always = program.ONE_DAG
    lost, swapped = program.NIGHTS
    assert program.run_in_one(after, lost) == ("failed", "upstream_failed", "failed")
    assert program.run_in_one(after, swapped) == ("success", "failed", "failed")
    assert program.run_in_one(always, lost) == ("failed", "success", "success")
    assert program.run_in_one(always, swapped) == ("success", "failed", "failed")


def test_fix_holds(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    assert program.run_apart(lost) == ("failed", "success")
    assert program.run_apart(swapped) == ("success", "failed")


def test_each_light_has_a_dag_and_an_hour(program: ModuleType) -> None:
    due = {light.dag_id: light.schedule for light in program.TWO_DAGS}
    assert due == {"revenue": "12 3 * * *", "revenue_is_right": "0 6 * * *"}


def test_sla_on_a_task_only_warns(program: ModuleType) -> None:
    promised = program.check_revenue.override(sla=timedelta(minutes=18))
    with pytest.warns(UserWarning, match="replaced with Deadline Alerts"):
        check = promised().operator
    assert not hasattr(check, "sla")


def test_new_dag_is_paused_and_its_date_is_the_morning_of_the_run(program: ModuleType) -> None:
    """What `{{ ds }}` is at 06:00 on Saturday: the day that has no row yet."""
    from airflow.configuration import conf
    from airflow.serialization.serialized_objects import DagSerialization
    from airflow.timetables.base import TimeRestriction

    assert conf.getboolean("core", "dags_are_paused_at_creation")
    saturday = TimeRestriction(datetime(2026, 3, 14, tzinfo=UTC), None, True)
    for light in program.TWO_DAGS:
        stored = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(light))
        run = stored.timetable.next_dagrun_info(
            last_automated_data_interval=None, restriction=saturday
        )
        assert run.logical_date == run.run_after
        assert f"{run.logical_date:%Y-%m-%d}" == "2026-03-14" != program.DAY


def test_rows_are_there_on_the_red_night(program: ModuleType) -> None:
    load, _ = program.TWO_DAGS
    with program.open_warehouse() as warehouse:
        warehouse.execute("delete from orders")
    load.test(logical_date=None, run_conf=program.NIGHTS["report lost"])
    rows = program.open_warehouse().execute("select count(*), sum(eur) from orders").fetchone()
    assert rows == program.LEDGER


def test_load_that_fails_after_its_commit_leaves_no_asset_event(program: ModuleType) -> None:
    """Why the check goes by the clock: a schedule on the asset would not have started it."""
    load, _ = program.TWO_DAGS
    lost, swapped = (asset_events_of(load, night) for night in program.NIGHTS.values())
    assert (lost, swapped) == (0, 1)


def asset_events_of(load: "DAG", night: dict) -> int:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import func, select

    run = load.test(logical_date=None, run_conf=night)
    with create_session() as session:
        count = select(func.count()).where(AssetEvent.source_run_id == run.run_id)
        return session.scalar(count)
