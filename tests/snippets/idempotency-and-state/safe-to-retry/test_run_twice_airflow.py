from datetime import UTC, datetime, timedelta
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from airflow.models.task_state_store import TaskStateStoreModel
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import get_current_context
from airflow.sdk.exceptions import DagRunTriggerException
from airflow.state.metastore import MetastoreBackend
from airflow.timetables.base import DataInterval, TimeRestriction
from airflow.timetables.trigger import CronTriggerTimetable
from airflow.utils.session import create_session
from pendulum import instance
from sqlalchemy import select


def charged(program: ModuleType) -> int:
    [(number,)] = program.provider().execute("select count(*) from charges")
    return number


@pytest.mark.parametrize(
    ("key", "charges"),
    [
        ("uuid4()", (20, 40)),
        ("XCom", (20, 40)),
        ("task_state_store", (10, 20)),
        ("run_id", (10, 20)),
    ],
)
def test_bug_is_real(program: ModuleType, key: str, charges: tuple[int, int]) -> None:
    dag = program.DAGS[key]
    assert tuple(program.charges_after(dag, runs) for runs in (1, 2)) == charges


def test_fix_holds(program: ModuleType) -> None:
    dag = program.DAGS["logical_date"]
    assert [program.charges_after(dag, runs) for runs in (1, 2)] == [10, 10]


def test_another_day_is_another_charge(program: ModuleType) -> None:
    dag = program.DAGS["logical_date"]
    assert program.charges_after(dag, runs=1) == 10
    dag.test(logical_date=program.TUESDAY + timedelta(days=1))
    assert charged(program) == 20


def test_the_run_is_green_and_took_two_tries(program: ModuleType) -> None:
    run = program.DAGS["uuid4()"].test(logical_date=program.TUESDAY)
    assert (run.state, run.get_task_instance("charge_renewals").try_number) == ("success", 2)


def test_a_second_run_of_the_date_has_another_run_id(program: ModuleType) -> None:
    dag = program.DAGS["logical_date"]
    one, two = (dag.test(logical_date=program.TUESDAY) for _ in range(2))
    assert one.logical_date == two.logical_date
    assert one.run_id != two.run_id


def test_two_nights_at_half_past_one_in_berlin_can_have_one_date(program: ModuleType) -> None:
    dag, berlin = program.DAGS["logical_date"], ZoneInfo("Europe/Berlin")
    assert program.charges_after(dag, runs=0) == 0
    for day, charges in ((28, 10), (29, 20), (30, 20)):
        dag.test(logical_date=datetime(2026, 3, day, 1, 30, tzinfo=berlin))
        assert charged(program) == charges


def test_a_clear_keeps_the_run_id_and_what_the_task_has_stored(program: ModuleType) -> None:
    run = program.DAGS["task_state_store"].test(logical_date=program.TUESDAY)
    columns = TaskStateStoreModel.run_id, TaskStateStoreModel.key, TaskStateStoreModel.value
    stored = select(*columns).where(TaskStateStoreModel.dag_id == run.dag_id)
    with create_session() as session:
        before = session.execute(stored).all()
    assert [row[:2] for row in before] == [(run.run_id, "part")]
    assert run.dag.clear(run_id=run.run_id) == 1
    with create_session() as session:
        assert session.execute(stored).all() == before


def stored_by(program: ModuleType) -> list[TaskStateStoreModel]:
    """Run the Dag that stores its key; return the rows of the store."""
    run = program.DAGS["task_state_store"].test(logical_date=program.TUESDAY)
    assert run.state == "success"
    with create_session() as session:
        of_the_run = TaskStateStoreModel.run_id == run.run_id
        return session.scalars(select(TaskStateStoreModel).where(of_the_run)).all()


def test_the_store_can_be_emptied_by_a_success(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(stored_by(program)) == 1
    monkeypatch.setenv("AIRFLOW__STATE_STORE__CLEAR_ON_SUCCESS", "True")
    assert stored_by(program) == []


def test_cleanup_drops_what_the_store_has_kept_for_thirty_days(program: ModuleType) -> None:
    [row] = stored_by(program)
    age = timedelta(days=30)
    assert abs(row.expires_at - row.updated_at - age) < timedelta(seconds=1)
    for passed, left in ((age - timedelta(hours=1), 1), (age + timedelta(hours=1), 0)):
        with create_session() as session:
            [kept] = session.scalars(select(TaskStateStoreModel).filter_by(id=row.id)).all()
            kept.expires_at = row.expires_at - passed
        MetastoreBackend().cleanup()
        with create_session() as session:
            rows = session.scalars(select(TaskStateStoreModel).filter_by(id=row.id)).all()
        assert len(rows) == left


def test_a_run_without_a_logical_date_has_none_to_make_a_key_of(program: ModuleType) -> None:
    dag = program.DAGS["logical_date"]
    assert program.charges_after(dag, runs=0) == 0
    assert dag.test(logical_date=None).state == "failed"
    assert charged(program) == 0


def test_its_context_has_a_partition_key_the_events_and_a_conf_instead(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    contexts = []
    dag, day = program.DAGS["XCom"], {"day": "2026-05-12"}

    def charge_renewals() -> None:
        contexts.append(dict(get_current_context()))

    monkeypatch.setattr(dag.get_task("charge_renewals"), "python_callable", charge_renewals)
    assert dag.test(logical_date=None, run_conf=day).state == "success"
    assert "logical_date" not in contexts[0]
    assert {"partition_key", "triggering_asset_events"} <= contexts[0].keys()
    assert contexts[0]["dag_run"].conf == day


def test_the_trigger_operator_draws_a_date() -> None:
    operator = TriggerDagRunOperator(task_id="bill", trigger_dag_id="billing")
    dates = []
    for _ in range(2):
        with pytest.raises(DagRunTriggerException) as raised:
            operator.execute({})
        dates.append(raised.value.logical_date)
    assert None not in dates
    assert dates[0] != dates[1]


def test_with_run_after_alone_it_passes_no_logical_date(program: ModuleType) -> None:
    operator = TriggerDagRunOperator(
        task_id="bill", trigger_dag_id="billing", run_after=program.TUESDAY
    )
    with pytest.raises(DagRunTriggerException) as raised:
        operator.execute({})
    assert raised.value.logical_date is None
    assert raised.value.run_after == program.TUESDAY


def test_after_the_upgrade_from_2_the_day_in_between_is_the_date_of_no_run() -> None:
    """Airflow 2 billed 11 May on the 12th; the next run bills the 13th, and no date comes again."""
    eleventh, twelfth = (instance(datetime(2026, 5, day, 6, tzinfo=UTC)) for day in (11, 12))
    following = CronTriggerTimetable("0 6 * * *", timezone="UTC").next_dagrun_info(
        last_automated_data_interval=DataInterval(eleventh, twelfth),
        restriction=TimeRestriction(eleventh, None, catchup=True),
    )
    assert following.logical_date == datetime(2026, 5, 13, 6, tzinfo=UTC)
