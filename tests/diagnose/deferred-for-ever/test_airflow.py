import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

import pytest
import structlog
from airflow.jobs import triggerer_job_runner
from airflow.jobs.job import Job
from airflow.jobs.triggerer_job_runner import (
    TriggererJobRunner,
    TriggerRunner,
    TriggerRunnerSupervisor,
)
from airflow.models.trigger import Trigger
from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import TaskDeferred
from airflow.sdk.execution_time import task_runner

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler
from tests.diagnose.staging import shell
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import Worker
from tests.words import page_at

HALF_A_MINUTE = timedelta(seconds=30)
Api = dict[str, str]


class Triggerer:
    """A triggerer that takes waits as `airflow triggerer` does; it runs none of them."""

    def __init__(self, capacity: int = 1000, queues: set[str] | None = None) -> None:
        self.job = Job()
        self.runner = TriggererJobRunner(self.job, capacity=capacity, queues=queues)
        self.job.prepare_for_execution()

    def turn(self) -> None:
        """Take what nobody has, and give a sign of life; its row is one heartbeat behind."""
        for _ in range(2):
            self.job.heartbeat(heartbeat_callback=lambda session: None)
        limit = TriggerRunnerSupervisor.health_check_threshold
        Trigger.assign_unassigned(self.job.id, self.runner.capacity, limit, self.runner.queues)


@pytest.fixture
def waits(airflow: Installation) -> Scheduler:
    """Three tasks that were deferred an hour ago."""
    airflow.later(hours=-1)
    return night(airflow)


def night(airflow: Installation, queue: str | None = None) -> Scheduler:
    """Have three tasks deferred."""
    scheduler = airflow.scheduler()
    airflow.create_run("wait_for_partners", None, "night")
    scheduler.tick()
    for key in scheduler.executor.sent:
        Worker(airflow).start(key)
        Worker(airflow).defer(key, queue=queue)
    return scheduler


def asked(page: StagedPage, api: Api) -> tuple[list[list[str]], list[str]]:
    """Return what the page's commands print: the waits, and the newest triggerer."""
    *lines, newest = shell.run(page.code(), **api).splitlines()
    return [line.split("\t") for line in lines], newest.split("\t")


def test_no_triggerer_runs(
    page: StagedPage, airflow: Installation, waits: Scheduler, ask: Callable, api: Api
) -> None:
    page.says("**`no triggerer`, and the last line is not `healthy`.** None runs.")
    lines, newest = asked(page, api)
    assert {tuple(line[2:]) for line in lines} == {("no queue", "no triggerer", "no heartbeat")}
    assert [line[1] for line in lines] == ["ash", "oak", "fir"]
    assert newest[0] == "none has ever run"
    assert {(host, beat, end) for *_, host, beat, _, end in ask(page.code("check", 1))} == {
        (None, None, None)
    }


def test_it_is_full(
    page: StagedPage, airflow: Installation, waits: Scheduler, ask: Callable, api: Api
) -> None:
    page.says("**`no triggerer` for some, and the triggerers live.** The triggerers are full")
    page.says("One has 1,000 waits by default (`[triggerer] capacity`)")
    airflow.later(hours=1)
    assert TriggererJobRunner(Job()).capacity == 1000
    Triggerer(capacity=2).turn()
    lines, newest = asked(page, api)
    assert [line[3] == "no triggerer" for line in lines].count(True) == 1
    assert newest[0] == "healthy"
    assert [row[4] is None for row in ask(page.code("check", 1))].count(True) == 1


def test_none_is_for_its_queue(
    page: StagedPage, airflow: Installation, waits: Scheduler, api: Api
) -> None:
    page.says("one that was started so takes no wait with `no queue`")
    airflow.later(hours=1)
    Triggerer(queues={"partners"}).turn()
    lines, newest = asked(page, api)
    assert {line[3] for line in lines} == {"no triggerer"}
    assert newest[0] == "healthy"


@pytest.mark.parametrize(
    ("queues", "held"), [({"partners"}, True), ({"other"}, False), (None, False)]
)
def test_a_queue_needs_a_triggerer_of_its_name(
    page: StagedPage, airflow: Installation, api: Api, queues: set[str] | None, held: bool
) -> None:
    page.says("taken only by a triggerer that was started with `--queues` and that name")
    night(airflow, queue="partners")
    Triggerer(queues=queues).turn()
    lines, _ = asked(page, api)
    assert {line[2] for line in lines} == {"partners"}
    assert {line[3] != "no triggerer" for line in lines} == {held}


def test_its_triggerer_is_dead_and_another_takes_over(
    page: StagedPage, airflow: Installation, waits: Scheduler, ask: Callable, api: Api
) -> None:
    page.says("**The heartbeat is older than 30 s.** That triggerer is dead, or blocked.")
    page.says("Another one takes its waits over (`[triggerer] triggerer_health_check_threshold`)")
    Triggerer().turn()
    airflow.later(hours=1)
    lines, newest = asked(page, api)
    assert newest[0] == "unhealthy"
    assert {line[4] for line in lines} == {newest[1].replace("+00:00", "Z")}
    assert {row[5] > HALF_A_MINUTE for row in ask(page.code("check", 1))} == {True}
    Triggerer().turn()
    lines, newest = asked(page, api)
    assert newest[0] == "healthy"
    assert {row[5] < HALF_A_MINUTE for row in ask(page.code("check", 1))} == {True}


def test_its_thread_is_blocked(page: StagedPage, airflow: Installation) -> None:
    page.says("**The log says `Triggerer's async thread was blocked`.** It was")
    page.says("from 0.2 s on, and it has been free since: the line is written afterwards")
    assert TriggerRunner().blocked_main_thread_warning_threshold == 0.2
    page_at("glossary/triggerer.md").says("`triggers.blocked_main_thread` counts such moments")

    async def block() -> None:
        runner = TriggerRunner()
        watch = asyncio.create_task(runner.block_watchdog())
        await asyncio.sleep(0.01)
        time.sleep(0.5)
        assert "triggers.blocked_main_thread" not in airflow.metrics
        runner.stop = True
        await watch

    airflow.scheduler()  # counts are kept from here on
    asyncio.run(block())
    assert airflow.metrics["triggers.blocked_main_thread"] == 1


def test_a_thread_that_is_blocked_now_stops_the_heartbeat(
    page: StagedPage, airflow: Installation
) -> None:
    page.says("a thread that is silent for 30 s stops the heartbeat")
    page.says("the log says `event loop appears deadlocked`")
    triggerer = Triggerer()
    supervisor = object.__new__(TriggerRunnerSupervisor)  # its process would have to hang for 30 s
    supervisor.job, supervisor._runner_comms_silence_logged = triggerer.job, False
    assert supervisor.runner_health_check_threshold == 30
    before = triggerer.job.latest_heartbeat
    supervisor._last_runner_comms = time.monotonic() - 31
    with patch.object(triggerer_job_runner, "log") as log:
        supervisor.heartbeat()
    ((said, *_), _) = log.error.call_args
    assert "event loop appears deadlocked" in said
    assert triggerer.job.latest_heartbeat == before


@pytest.mark.parametrize("given", [None, HALF_A_MINUTE])
def test_only_the_timeout_of_the_deferral_is_sent(
    page: StagedPage, airflow: Installation, given: timedelta | None
) -> None:
    page.says("An `execution_timeout` of the task is not passed on")
    task = BaseOperator(task_id="wait", execution_timeout=timedelta(minutes=1))
    trigger = TimeDeltaTrigger(timedelta(hours=9))
    wait = TaskDeferred(trigger=trigger, method_name="resume", timeout=given)
    of = SimpleNamespace(task=task, dag_id="nightly", task_id="wait", run_id="night")
    message, _ = task_runner._defer_task(wait, of, structlog.get_logger())
    assert message.trigger_timeout == given


def test_with_a_timeout_the_scheduler_ends_it(
    page: StagedPage, airflow: Installation, ask: Callable, api: Api
) -> None:
    page.says("The scheduler ends such a wait itself, without any triggerer.")
    airflow.later(hours=-1)
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    (key,) = scheduler.executor.sent
    Worker(airflow).start(key)
    Worker(airflow).defer(key, timedelta(minutes=30))
    airflow.later(hours=1)
    ((*_, end),) = ask(page.code("check", 1))
    assert end is not None
    scheduler.runner.check_trigger_timeouts()
    assert asked(page, api)[0] == []
