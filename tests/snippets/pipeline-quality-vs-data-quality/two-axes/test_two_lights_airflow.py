import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from testbed.sandbox import ROOT

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun

PAGE = ROOT / "docs/pipeline-quality-vs-data-quality/two-axes.md"
THURSDAY, REVENUE = date(2026, 1, 22), 398_688


@pytest.fixture(scope="module", autouse=True)
def warehouse(program: ModuleType) -> Iterator[None]:
    with program.warehouse():
        yield


def test_bug_is_real(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    assert program.run_in_one(program.ONE_DAG, lost) == ("failed", "upstream_failed", "failed")
    assert program.run_in_one(program.ONE_DAG, swapped) == ("success", "failed", "failed")


def test_check_after_all_turns_the_red_night_green(program: ModuleType) -> None:
    lost, _ = program.NIGHTS
    assert program.run_in_one(program.ALWAYS, lost) == ("failed", "success", "success")


def test_fix_holds(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    assert program.run_apart(lost) == ("failed", "success")
    assert program.run_apart(swapped) == ("success", "failed")


def test_no_two_dags_have_one_name(program: ModuleType) -> None:
    """Or the bundle holds one of the two, by chance."""
    dags = [one for one in vars(program).values() if isinstance(one, program.DAG)]
    names = [one.dag_id for one in (*dags, *program.TWO_DAGS)]
    assert sorted(names) == sorted({*names})


def test_each_light_has_a_dag_and_an_hour(program: ModuleType) -> None:
    due = {light.dag_id: light.schedule for light in program.TWO_DAGS}
    assert due == {"revenue": "12 3 * * *", "revenue_is_right": "0 6 * * *"}


def test_sla_on_a_task_only_warns(program: ModuleType) -> None:
    with pytest.warns(UserWarning, match="replaced with Deadline Alerts"):
        check = program.SQLCheckOperator(
            task_id="check", conn_id="warehouse", sql="select 1", sla=timedelta(minutes=18)
        )
    assert not hasattr(check, "sla")


def test_new_dag_is_paused_and_its_date_is_the_morning_of_the_run(program: ModuleType) -> None:
    """What `{{ ds }}` is at 06:00 on Friday: the day that has no row yet."""
    from airflow.configuration import conf
    from airflow.serialization.serialized_objects import DagSerialization
    from airflow.timetables.base import TimeRestriction

    assert conf.getboolean("core", "dags_are_paused_at_creation")
    friday = TimeRestriction(datetime(2026, 1, 23, tzinfo=UTC), None, True)
    for light in program.TWO_DAGS:
        stored = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(light))
        run = stored.timetable.next_dagrun_info(
            last_automated_data_interval=None, restriction=friday
        )
        assert run.logical_date == run.run_after
        assert f"{run.logical_date:%Y-%m-%d}" == "2026-01-23"
    assert program.YESTERDAY == "{{ macros.ds_add(ds, -1) }}"


def test_rows_are_there_on_the_red_night(program: ModuleType) -> None:
    hook = program.PostgresHook("warehouse")
    hook.run("delete from raw.orders")
    loaded(program, "report lost")
    rows = hook.get_first("select day, count(*), sum(eur) from raw.orders group by day")
    assert rows == (THURSDAY, 10, 1000)


def agrees(program: ModuleType, day: str) -> bool | None:
    """Ask the check's query for a day, with its macro filled in."""
    query = program.AGREES.replace(program.YESTERDAY, day)
    [answer] = program.PostgresHook("warehouse").get_first(query)
    return answer


def test_missing_ledger_counts_as_wrong(program: ModuleType) -> None:
    loaded(program, "report lost")
    assert agrees(program, "2026-01-22") is True
    assert agrees(program, "2026-01-21") is None


def test_right_orders_and_a_wrong_figure_do_not_agree(program: ModuleType) -> None:
    loaded(program, "report lost")
    hook = program.PostgresHook("warehouse")
    as_it_was = "create or replace view fct_revenue_daily as select day, {} as eur {}"
    for eur, answer in (("sum(eur) / 2", False), ("sum(eur)", True)):
        hook.run(as_it_was.format(eur, "from raw.orders group by day"))
        assert agrees(program, "2026-01-22") is answer


def test_bank_holiday_agrees(program: ModuleType) -> None:
    program.PostgresHook("warehouse").run("insert into raw.ledger values ('2026-01-01', 0, 0)")
    assert agrees(program, "2026-01-01") is True


@pytest.mark.parametrize(
    ("ledger", "figures", "answer"),
    [
        (REVENUE, [REVENUE], ("right", REVENUE, 1, REVENUE)),
        (REVENUE, [434_569.92], ("wrong", REVENUE, 1, 434_569.92)),
        (REVENUE, [REVENUE, REVENUE], ("wrong", REVENUE, 2, 2 * REVENUE)),
        (REVENUE, [], ("wrong", REVENUE, 0, 0)),
        (None, [REVENUE], ("wrong", None, 1, REVENUE)),
        (None, [], ("wrong", None, 0, 0)),
        (0, [], ("right", 0, 0, 0)),
        (0, [0], ("right", 0, 1, 0)),
    ],
    ids=[
        "right",
        "swapped",
        "loaded twice",
        "not loaded",
        "no ledger",
        "neither",
        "bank holiday",
        "bank holiday with a row",
    ],
)
def test_query_of_the_card_says_right_or_wrong(
    program: ModuleType, ledger: int | None, figures: list, answer: tuple
) -> None:
    [query] = re.findall(r"```sql\n(-- in the warehouse.+?)```", PAGE.read_text("utf-8"), re.S)
    hook = program.PostgresHook("warehouse")
    hook.run("drop schema if exists card cascade; create schema card")
    hook.run("create table card.ledger (day date, eur numeric)")
    hook.run("create table card.fct_revenue_daily (day date, eur numeric)")
    before = date(2026, 1, 21)
    declared = [] if ledger is None else [(THURSDAY, ledger)]
    hook.insert_rows("card.ledger", [(before, 1), *declared])
    hook.insert_rows("card.fct_revenue_daily", [(before, 1), *((THURSDAY, eur) for eur in figures)])
    with hook.get_conn() as connection, connection.cursor() as cursor:
        cursor.execute("set search_path = card")
        cursor.execute(query)
        [(day, verdict, *numbers)] = cursor.fetchall()
    assert day == THURSDAY
    assert (verdict, *(None if n is None else float(n) for n in numbers)) == answer


@pytest.mark.parametrize(
    ("light", "start", "due"),
    [("revenue", (3, 12), (3, 30)), ("revenue_is_right", (6, 0), (6, 10))],
)
def test_run_that_has_failed_is_told_of_at_the_lights_hour(
    program: ModuleType, light: str, start: tuple, due: tuple
) -> None:
    """A failed run keeps its deadline, and it counts from the logical date, not from the queue."""
    program.PostgresHook("warehouse").run("delete from raw.orders")
    morning = datetime(2026, 1, 23, tzinfo=UTC)
    logical_date = morning.replace(hour=start[0], minute=start[1])
    run = getattr(program, light)().test(
        logical_date=logical_date, run_conf=program.NIGHTS["report lost"]
    )
    assert run.state == "failed"
    assert deadlines_of(run) == [morning.replace(hour=due[0], minute=due[1])]


def deadlines_of(run: "DagRun") -> list[datetime]:
    from airflow.models.deadline import Deadline
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        return list(
            session.scalars(select(Deadline.deadline_time).where(Deadline.dagrun_id == run.id))
        )


def test_callback_of_the_deadline_sends_the_run(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The function on the page is what the deadline names, in the module `oncall`."""
    for light, where in ((program.revenue(), "TICKET"), (program.revenue_is_right(), "PHONE")):
        [late] = light.deadline
        assert late.callback.path == f"oncall.{program.tell.__name__}"
        assert late.callback.kwargs == {"where": where}
    program.AsyncCallback.verify_callable(program.tell)
    run = {"dag_id": "revenue_is_right", "dag_run_id": "at-six", "state": "failed"}
    with listening() as (url, heard):
        monkeypatch.setenv("ONCALL_PHONE", url)
        asyncio.run(program.tell(where="PHONE", context={"dag_run": run}))
    assert heard == [b'{"text":"revenue_is_right is not done: at-six is failed"}']


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """Answer one request, and keep its body."""
    heard: list[bytes] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        answers = Thread(target=server.handle_request)
        answers.start()
        yield f"http://127.0.0.1:{server.server_port}", heard
        answers.join()


def test_interval_of_a_cron_moves_the_logical_date_a_day_back(program: ModuleType) -> None:
    """`create_cron_data_intervals=True`: the deadline would be over before the run begins."""
    from airflow.timetables.base import TimeRestriction
    from airflow.timetables.interval import CronDataIntervalTimetable

    friday = TimeRestriction(datetime(2026, 1, 23, tzinfo=UTC), None, True)
    run = CronDataIntervalTimetable("12 3 * * *", "UTC").next_dagrun_info(
        last_automated_data_interval=None, restriction=friday
    )
    assert run.run_after - run.logical_date == timedelta(days=1)


@pytest.mark.parametrize(
    ("marked", "waits"), [(False, "upstream_failed"), (True, "success")], ids=["cleared", "marked"]
)
def test_what_waits_runs_only_once_the_red_task_is_a_success(
    program: ModuleType, marked: bool, waits: str
) -> None:
    """Clearing what waits is not enough: the card says to mark the red task first."""
    run = program.ONE_DAG.test(logical_date=program.FRIDAY, run_conf=program.NIGHTS["report lost"])
    assert after_clearing(run, marked) == waits


def after_clearing(run: "DagRun", marked: bool) -> str | None:
    """Mark the load or not, clear the check, and return its state, or that it may run."""
    from airflow.models.taskinstance import clear_task_instances
    from airflow.utils.session import create_session

    dag = run.dag
    with create_session() as session:
        run = session.merge(run)
        run.dag = dag
        if marked:
            load = run.get_task_instance("load_orders", session=session)
            load.set_state("success", session=session)
        check = run.get_task_instance("check_revenue", session=session)
        clear_task_instances([check], session)
        session.flush()
        ready, _ = run.update_state(session=session)
        state = run.get_task_instance("check_revenue", session=session).state
        return "success" if [each.task_id for each in ready] == ["check_revenue"] else state


def test_deadline_breaks_dag_test_once_the_run_has_succeeded(program: ModuleType) -> None:
    """apache/airflow#73428, open when this was written: why the program leaves it out."""
    from sqlalchemy.exc import StatementError

    with pytest.raises(StatementError, match="'dict' object has no attribute 'hex'"):
        program.revenue().test(logical_date=program.FRIDAY)


def test_load_that_fails_after_its_commit_leaves_no_asset_event(program: ModuleType) -> None:
    """Why the check goes by the clock: a schedule on the asset would not have started it."""
    lost, swapped = (asset_events_of(loaded(program, night)) for night in program.NIGHTS)
    assert (lost, swapped) == (0, 1)


def test_marked_success_leaves_no_asset_event_either(program: ModuleType) -> None:
    """By what the API calls for the mark: a Dag that the asset starts goes on waiting."""
    from airflow.utils.session import create_session

    run = loaded(program, "report lost")
    with create_session() as session:
        marked = run.dag.set_task_instance_state(
            task_id="load_orders", run_id=run.run_id, state="success", commit=True, session=session
        )
        assert [(task.task_id, task.state) for task in marked] == [("load_orders", "success")]
    assert asset_events_of(run) == 0


def loaded(program: ModuleType, night: str) -> "DagRun":
    load = program.revenue()
    load.deadline = None
    return load.test(logical_date=program.FRIDAY, run_conf=program.NIGHTS[night])


def asset_events_of(run: "DagRun") -> int:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import func, select

    with create_session() as session:
        count = select(func.count()).where(AssetEvent.source_run_id == run.run_id)
        return session.scalar(count)
