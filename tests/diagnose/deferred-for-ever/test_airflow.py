import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from airflow.jobs.job import Job
from airflow.jobs.triggerer_job_runner import (
    TriggererJobRunner,
    TriggerRunner,
    TriggerRunnerSupervisor,
)
from airflow.models.trigger import Trigger

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
    scheduler = airflow.scheduler()
    airflow.create_run("wait_for_partners", None, "night")
    scheduler.tick()
    for key in scheduler.executor.sent:
        Worker(airflow).start(key)
        Worker(airflow).defer(key)
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
    page.says("taken only by a triggerer that was started with `--queues` and that name")
    airflow.later(hours=1)
    Triggerer(queues={"partners"}).turn()
    lines, newest = asked(page, api)
    assert {line[3] for line in lines} == {"no triggerer"}
    assert newest[0] == "healthy"


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
    page.says("read the triggerer's log for `Triggerer's async thread was blocked`")
    page_at("glossary/triggerer.md").says("`triggers.blocked_main_thread` counts such moments")

    async def block() -> None:
        runner = TriggerRunner()
        watch = asyncio.create_task(runner.block_watchdog())
        await asyncio.sleep(0.01)
        time.sleep(0.5)
        runner.stop = True
        await watch

    airflow.scheduler()  # counts are kept from here on
    asyncio.run(block())
    assert airflow.metrics["triggers.blocked_main_thread"] == 1


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
