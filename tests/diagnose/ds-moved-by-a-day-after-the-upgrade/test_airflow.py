from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from airflow.timetables.base import DataInterval, TimeRestriction
from airflow.timetables.trigger import CronTriggerTimetable
from pendulum import instance

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import change, finish
from tests.diagnose.staging.page import StagedPage

DAGS = "every_night_airflow.py"
BEFORE_THE_UPGRADE = """
dag_run set logical_date = logical_date - interval '1 day',
                   data_interval_start = data_interval_start - interval '1 day'
where run_after::date = '2026-03-{day}'
"""


def test_the_interval_falls_to_nothing(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    finish(airflow.scheduler())
    for night in (11, 12):  # a date that is taken is refused
        change(airflow, BEFORE_THE_UPGRADE.format(day=night))
    change(airflow, "dag_run set run_after = run_after + interval '1 hour'")
    rows = ask(page.code())
    found = [(f"{after:%d}", f"{date:%d}", covers) for _, date, after, covers in rows]
    day = timedelta(days=1)
    assert found == [("13", "13", 0 * day), ("12", "11", day), ("11", "10", day)]
    assert {how for how, *_ in rows} == {"scheduled"}


def test_a_run_without_a_date_covers_nothing(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    change(airflow, "dag set next_dagrun_create_after = null")
    airflow.create_run("nightly", None, "by_hand")
    ((how, date, _, covers),) = ask(page.code())
    assert (how, date, covers) == ("manual", None, None)


def test_the_day_in_between_belongs_to_nobody() -> None:
    """Airflow 2 ran for 11 March on the 12th; the next date is that of the 13th."""
    start, end = (instance(datetime(2026, 3, day, 3, tzinfo=UTC)) for day in (11, 12))
    following = CronTriggerTimetable("0 3 * * *", timezone="UTC").next_dagrun_info(
        last_automated_data_interval=DataInterval(start, end),
        restriction=TimeRestriction(start, None, catchup=True),
    )
    assert following.logical_date == following.run_after == datetime(2026, 3, 13, 3, tzinfo=UTC)


def test_the_two_kinds_of_schedule_are_told(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    kinds = {dag: (kind.rpartition(".")[2], cron) for dag, kind, cron in ask(page.code(number=1))}
    assert kinds == {
        "nightly": ("CronTriggerTimetable", "0 3 * * *"),
        "day_that_is_over": ("CronDataIntervalTimetable", "0 3 * * *"),
    }
