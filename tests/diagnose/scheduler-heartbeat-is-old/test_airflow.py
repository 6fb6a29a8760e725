import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

from airflow.jobs.dag_processor_job_runner import DagProcessorJobRunner
from airflow.jobs.job import Job
from airflow.jobs.triggerer_job_runner import TriggererJobRunner
from sqlalchemy import text

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import TaskInstanceKey
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import change
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import Worker
from tests.words import page_at

THRESHOLD = timedelta(seconds=30)


Api = dict[str, str]


def asked(page: StagedPage, api: Api) -> list[tuple[str, timedelta]]:
    """Return what the page's command prints: each job, and the age of its heartbeat."""
    *jobs, now = shell.run(page.code(), **api).splitlines()
    rows = [line.split("\t") for line in jobs]
    return [(job, age(beat, now)) for job, _, beat in rows]


def age(beat: str, now: str) -> timedelta:
    return datetime.fromisoformat(now) - datetime.fromisoformat(beat)


def test_a_dead_scheduler_is_told(
    page: StagedPage, airflow: Installation, ask: Callable, api: Api
) -> None:
    assert asked(page, api) == []
    assert ask(page.code("check", 1)) == []
    airflow.later(minutes=-5)
    airflow.scheduler()
    airflow.later(minutes=5)
    page.says("**Only the scheduler's is old, and has not moved.** Its process is dead or stuck.")
    ((job, _, old),) = ask(page.code("check", 1))
    assert (job, old > THRESHOLD) == ("SchedulerJob", True)
    assert asked(page, api)[0][1] > THRESHOLD
    page.says("**No row `SchedulerJob`.** It was stopped, or another one has marked it failed.")
    airflow.scheduler().start()
    ((job, _, new),) = ask(page.code("check", 1))
    assert (job, new < THRESHOLD) == ("SchedulerJob", True)
    ((job, new),) = asked(page, api)
    assert (job, new < THRESHOLD) == ("SchedulerJob", True)


def test_all_three_are_compared(
    page: StagedPage, airflow: Installation, ask: Callable, api: Api
) -> None:
    page.says("**All three are old.** The database is slow, full or refuses writes.")
    airflow.scheduler()
    for runner in (DagProcessorJobRunner(Job(), SimpleNamespace()), TriggererJobRunner(Job())):
        runner.job.prepare_for_execution()
    assert [job for job, *_ in ask(page.code("check", 1))] == [
        "DagProcessorJob",
        "SchedulerJob",
        "TriggererJob",
    ]
    assert sorted(job for job, _ in asked(page, api)) == [
        "DagProcessorJob",
        "SchedulerJob",
        "TriggererJob",
    ]


def test_the_holder_of_a_lock_is_told(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    airflow.create_run("nightly", None, "night")
    with airflow.session() as holder:
        pid = holder.scalar(text("select pg_backend_pid()"))
        holder.execute(text("select * from dag_run for update"))
        waiter = threading.Thread(target=lambda: change(airflow, "dag_run set state = state"))
        waiter.start()
        found = until_somebody_waits(lambda: ask(page.code("check", 2)))
    waiter.join()
    rows = {row[0]: row[3] for row in found}
    assert rows[pid] == []
    assert [pid] in rows.values()


def test_a_plain_user_does_not_see_the_holder(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    code, member = page.code("check", 2), "set local role reader; "
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


def test_a_living_scheduler_is_taken_for_dead(page: StagedPage, airflow: Installation) -> None:
    page.says("Either takes the slow one for dead, and resets what it cannot adopt")
    page.says("With Celery or Kubernetes it adopts what it finds of the old one's work")
    page_at("glossary/adoption.md").says(
        "The executor decides for each task, and what it leaves is reset"
    )
    airflow.create_run("load_regions", None, "night")
    slow = airflow.scheduler()
    slow.tick()
    found, lost = sorted(slow.executor.running)
    for key in (found, lost):
        Worker(airflow).start(key)
    airflow.later(seconds=40)
    second = airflow.scheduler()
    with patch.object(second.executor, "try_adopt_task_instances", all_but(found)):
        assert second.start() == 1
    second.tick()
    second.tick()
    assert lost.with_try_number(2) in second.executor.sent
    assert found.primary not in {key.primary for key in second.executor.sent}
    assert lost in slow.executor.running


def all_but(found: TaskInstanceKey) -> Callable[[list], list]:
    """Adopt one task, as an executor does that finds its pod, and give the others back."""
    return lambda tasks: [task for task in tasks if task.key.primary != found.primary]
