"""Four ways to keep a slow scheduler from being taken for dead, each on the real loop."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from configparser import ConfigParser
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple
from unittest.mock import patch

from airflow.configuration import conf
from airflow.jobs.job import health_check_threshold, most_recent_job
from airflow.models import DagRun
from airflow.sdk import dag, task

from testbed.airflow.installation import Installation, installation
from testbed.airflow.loop import Part
from testbed.airflow.scheduler import Scheduler

BEFORE = """\
# --8<-- [start:bug]
[scheduler]
scheduler_health_check_threshold = 30
# --8<-- [end:bug]
"""
AFTER = """\
# --8<-- [start:fix]
[scheduler]
scheduler_health_check_threshold = 120
# --8<-- [end:fix]
"""
THREE_A_TURN = """\
[scheduler]
max_dagruns_per_loop_to_schedule = 3
"""
FIRST, LAST = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 12, tzinfo=UTC)
RUN = 900 * 0.003  # seconds to examine a run of 900 unfinished tasks, at 3 ms each
LEAST, TURNS = 5, 3  # scheduler_heartbeat_sec; turns before somebody looks


@task
def load_orders() -> None:
    """Load the orders of one night."""


@task
def recompute() -> None:
    """Stand for the 900 tasks of a day."""


@dag(schedule=None)
def nightly() -> None:
    """Load one night, without a retry."""
    load_orders()


@dag(schedule="@daily", start_date=FIRST, end_date=LAST, catchup=False)
def history() -> None:
    """Compute a past day again."""
    recompute()


nightly()
history()


class Seen(NamedTuple):
    """One scheduler and its slow turns, seen from outside at the end of one of them."""

    turn: float  # seconds
    row: float  # how old its row was, at most
    alive: bool  # what Airflow's own check said then
    reset: int  # how many running tasks a scheduler that started then has reset


def options(config: str) -> dict[str, str]:
    """Read an airflow.cfg as the options of an installation."""
    parser = ConfigParser()
    parser.read_string(config)
    return {f"{name}__{key}": value for name in parser for key, value in parser[name].items()}


@contextmanager
def restarted() -> Iterator[None]:
    """Read again what a process reads once, when it starts."""
    health_check_threshold.cache_clear()
    limit = conf.getint("scheduler", "max_dagruns_per_loop_to_schedule")
    with patch.object(DagRun, "DEFAULT_DAGRUNS_TO_EXAMINE", limit):
        yield
    health_check_threshold.cache_clear()


def seen(airflow: Installation, at_a_time: int, *, paused: bool = False) -> Seen:
    """Turn the loop with a backfill in it; look when the row is oldest."""
    airflow.create_run("nightly", None, "night")
    airflow.backfill("history", FIRST, LAST, "none", at_a_time)
    scheduler, turns, looks, examined = airflow.scheduler(), [], [], 0

    def watch(part: Part) -> None:
        nonlocal examined
        examined += part.function == "_schedule_dag_run"
        if part.function == "heartbeat":  # of the executor, which has sent what is queued
            start_tasks(scheduler)
            turns.append(max(LEAST, RUN * (examined - 1)))  # the night's own run is free
            airflow.later(seconds=turns[-1])
            if paused:
                airflow.pause("history")
            if len(turns) == TURNS:
                looks.append(look(airflow, turns[-1]))
            examined = 0

    scheduler.loop(watch, TURNS)
    return looks[0]


def start_tasks(scheduler: Scheduler) -> None:
    """Begin what was sent, as workers do."""
    for key in scheduler.executor.sent:
        scheduler.executor.start_task(key)


def look(airflow: Installation, turn: float) -> Seen:
    """Ask how old the row is and what Airflow makes of it; then start another scheduler."""
    query = "select extract(epoch from now() - max(latest_heartbeat)) from job"
    ((seconds,),) = airflow.rows(query)
    row = turn * int((float(seconds) + airflow.ahead.total_seconds()) // turn)
    job = most_recent_job("SchedulerJob")
    with ThreadPoolExecutor() as thread:  # the first scheduler is alive, in its turn
        reset = thread.submit(lambda: airflow.scheduler().start()).result()
    return Seen(turn, row, bool(job and job.is_alive()), reset)


NIGHTS = {
    "ten runs": (BEFORE, 10, False),
    "Dag paused": (BEFORE, 10, True),
    "two runs": (BEFORE, 2, False),
    "three a turn": (THREE_A_TURN, 10, False),
    "threshold 120": (AFTER, 10, False),
}


def night(name: str) -> Seen:
    """See one of the nights, with processes that have read its configuration."""
    config, at_a_time, paused = NIGHTS[name]
    with installation(**options(config)) as airflow, restarted():
        return seen(airflow, at_a_time, paused=paused)


if __name__ == "__main__":
    print(f"{'':<15}turn   row     check  tasks reset")
    for name in NIGHTS:
        turn, row, alive, reset = night(name)
        said = "alive" if alive else "dead"
        print(f"{name:<15}{f'{turn:g} s':<7}{f'{row:g} s':<8}{said:<7}{reset}")
