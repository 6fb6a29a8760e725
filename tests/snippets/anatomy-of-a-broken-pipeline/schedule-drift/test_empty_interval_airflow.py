from datetime import datetime, timedelta
from types import ModuleType
from zoneinfo import ZoneInfo

A_DAY = timedelta(days=1)


def scheduled(timetable: object, since: datetime, runs: int = 1) -> list[tuple]:
    """The intervals of the first runs that the scheduler would create."""
    from airflow.sdk.timezone import coerce_datetime
    from airflow.serialization.encoders import coerce_to_core_timetable
    from airflow.timetables.base import TimeRestriction

    limits = TimeRestriction(coerce_datetime(since), latest=None, catchup=True)
    intervals = [None]
    for _ in range(runs):
        run = coerce_to_core_timetable(timetable).next_dagrun_info(
            last_automated_data_interval=intervals[-1],
            restriction=limits,
        )
        intervals.append(run.data_interval)
    return [(interval.start, interval.end) for interval in intervals[1:]]


def test_bug_is_real(program: ModuleType) -> None:
    cron_string, _ = program.DAGS
    midnight = program.MIDNIGHT
    assert program.run_at_midnight(cron_string) == ("success", midnight, midnight, 0, 0)


def test_fix_holds(program: ModuleType) -> None:
    _, data_interval = program.DAGS
    day = (program.MIDNIGHT - A_DAY, program.MIDNIGHT)
    assert program.run_at_midnight(data_interval) == ("success", *day, 10, 1000)


def test_scheduled_runs_have_the_same_intervals(program: ModuleType) -> None:
    cron_string, data_interval = (pipeline.timetable for pipeline in program.DAGS)
    midnight, day_before = program.MIDNIGHT, program.MIDNIGHT - A_DAY
    assert scheduled(cron_string, midnight) == [(midnight, midnight)]
    assert scheduled(data_interval, day_before) == [(day_before, midnight)]


def hole(timetable: object) -> timedelta:
    """What lies between the first two intervals of the Sunday that has 25 hours."""
    sunday = datetime(2026, 10, 25, tzinfo=ZoneInfo("Europe/Berlin"))
    (_, first_end), (second_start, _) = scheduled(timetable, sunday, runs=2)
    return second_start - first_end


def test_interval_of_24_hours_leaves_a_hole_where_a_day_has_25(program: ModuleType) -> None:
    from airflow.sdk import CronDataIntervalTimetable, CronTriggerTimetable

    midnight = ("0 0 * * *", "Europe/Berlin")
    assert hole(CronDataIntervalTimetable(*midnight)) == timedelta(0)
    assert hole(CronTriggerTimetable(*midnight, interval=A_DAY)) == timedelta(hours=1)
