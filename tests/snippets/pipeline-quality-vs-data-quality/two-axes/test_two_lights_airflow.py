from types import ModuleType
from typing import TYPE_CHECKING

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
