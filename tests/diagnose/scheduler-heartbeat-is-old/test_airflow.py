import threading
import time
from collections.abc import Callable
from datetime import timedelta

from airflow.jobs.dag_processor_job_runner import DagProcessorJobRunner
from airflow.jobs.job import Job
from airflow.jobs.scheduler_job_runner import SchedulerJobRunner
from airflow.jobs.triggerer_job_runner import TriggererJobRunner
from sqlalchemy import text

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import change
from tests.diagnose.staging.page import StagedPage

THRESHOLD = timedelta(seconds=30)


def test_a_dead_scheduler_is_told(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    assert ask(page.code()) == []
    airflow.scheduler()
    ((job, _, age),) = ask(page.code())
    assert (job, age < THRESHOLD) == ("SchedulerJob", True)
    change(airflow, "job set latest_heartbeat = now() - interval '5 minutes'")
    ((*_, age),) = ask(page.code())
    assert age > THRESHOLD
    change(airflow, "job set state = 'failed'")
    assert ask(page.code()) == []


def test_all_three_are_compared(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    runners = (DagProcessorJobRunner, SchedulerJobRunner, TriggererJobRunner)
    with airflow.session() as session:
        session.add_all(Job(job_type=runner.job_type, state="running") for runner in runners)
    assert [job for job, *_ in ask(page.code())] == [runner.job_type for runner in runners]


def test_the_holder_of_a_lock_is_told(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    airflow.create_run("nightly", None, "night")
    with airflow.session() as holder:
        pid = holder.scalar(text("select pg_backend_pid()"))
        holder.execute(text("select * from dag_run for update"))
        waiter = threading.Thread(target=lambda: change(airflow, "dag_run set state = state"))
        waiter.start()
        found = until_somebody_waits(lambda: ask(page.code(number=1)))
    waiter.join()
    rows = {row[0]: row[3] for row in found}
    assert rows[pid] == []
    assert [pid] in rows.values()


def test_a_plain_user_does_not_see_the_holder(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    code, member = page.code(number=1), "set local role reader; "
    with airflow.session() as session:
        session.execute(text("create role reader"))
    with airflow.session() as holder:
        pid = holder.scalar(text("select pg_backend_pid()"))
        assert pid not in [row[0] for row in ask(member + code)]
        with airflow.session() as session:
            session.execute(text("grant pg_monitor to reader"))
        assert pid in [row[0] for row in ask(member + code)]


def until_somebody_waits(question: Callable[[], list[tuple]]) -> list[tuple]:
    """Ask until one row is blocked by another, but not for ever."""
    for _ in range(200):
        found = question()
        if any(row[3] for row in found):
            return found
        time.sleep(0.05)
    return found
