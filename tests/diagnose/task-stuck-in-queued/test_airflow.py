from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import jwt
import pytest

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Executor, Scheduler
from tests.diagnose.staging import shell
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import Worker

AN_HOUR = timedelta(hours=1)
Api = dict[str, str]


@pytest.fixture
def waiting(airflow: Installation) -> Scheduler:
    """A task that was queued two hours ago, by a scheduler that has turned since."""
    airflow.later(hours=-2)
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    airflow.later(hours=2)
    return scheduler


def beat(scheduler: Scheduler) -> None:
    """Have a scheduler give a sign of life now; its row is one heartbeat behind, so two."""
    for _ in range(2):
        scheduler.job.heartbeat(heartbeat_callback=lambda session: None)


def asked(page: StagedPage, api: Api) -> tuple[list[str], str]:
    """Return what the page's commands print: queue, queued, since, running; and the heartbeat."""
    *queues, heartbeat = shell.run(page.code(), **api).splitlines()
    return queues, heartbeat


def age(when: str) -> timedelta:
    """Tell how long ago the API says that something was."""
    return datetime.now(UTC) - datetime.fromisoformat(when)


def test_nobody_takes_it(page: StagedPage, waiting: Scheduler, ask: Callable, api: Api) -> None:
    page.says("**Some wait, none run there.** No worker serves that queue or pool")
    beat(waiting)
    ([line], heartbeat) = asked(page, api)
    queue, queued, since, running = line.split("\t")
    assert (queue, queued, running) == ("default", "1", "0")
    assert age(since) > AN_HOUR > age(heartbeat)
    ((_, *counts, longest, last),) = ask(page.code("check", 1))
    assert counts == [1, 0]
    assert longest > AN_HOUR > last


def test_the_workers_are_full(
    page: StagedPage, airflow: Installation, waiting: Scheduler, ask: Callable, api: Api
) -> None:
    page.says("**Some wait, others run.** The workers are alive and full.")
    for key in waiting.executor.sent:
        Worker(airflow).start(key)
    airflow.create_run("load_regions", None, "night")
    waiting.tick()
    ([line], _) = asked(page, api)
    queue, queued, since, running = line.split("\t")
    assert (queue, queued, running) == ("default", "2", "1")
    assert age(since) < AN_HOUR
    ((_, *counts, longest, _),) = ask(page.code("check", 1))
    assert counts == [2, 1]
    assert longest < AN_HOUR


def test_its_scheduler_is_dead(
    page: StagedPage, waiting: Scheduler, ask: Callable, api: Api
) -> None:
    page.says("**The heartbeat is minutes old.** What handed the work over is slow or dead.")
    _, heartbeat = asked(page, api)
    assert age(heartbeat) > AN_HOUR
    ((*_, last),) = ask(page.code("check", 1))
    assert last > AN_HOUR


def test_the_query_tells_a_dead_scheduler_from_a_living_one(
    page: StagedPage, airflow: Installation, waiting: Scheduler, ask: Callable, api: Api
) -> None:
    page.says("tells more than the newest heartbeat where several schedulers run")
    beat(airflow.scheduler())
    _, heartbeat = asked(page, api)
    assert age(heartbeat) < AN_HOUR
    ((*_, last),) = ask(page.code("check", 1))
    assert last > AN_HOUR


def test_the_dead_scheduler_of_what_runs_is_not_meant(
    page: StagedPage, airflow: Installation, waiting: Scheduler, ask: Callable
) -> None:
    for key in waiting.executor.sent:
        Worker(airflow).start(key)
    airflow.create_run("load_regions", None, "night")
    airflow.scheduler().tick()
    ((_, *counts, _, last),) = ask(page.code("check", 1))
    assert counts == [2, 1]
    assert last < AN_HOUR


def test_all_is_well(page: StagedPage, airflow: Installation, ask: Callable, api: Api) -> None:
    page.says("**Airflow lists nothing, and the run itself is `queued`.**")
    assert asked(page, api)[0] == []
    assert ask(page.code("check", 1)) == []


def test_a_task_s_token_is_good_until_it_is_sent_again(
    page: StagedPage, airflow: Installation
) -> None:
    page.says("In 3.3.2 it is good for `task_queued_timeout` (600 s)")
    workloads = []
    with patch.object(
        Executor, "queue_workload", lambda self, work, session: workloads.append(work)
    ):
        airflow.create_run("nightly", None, "night")
        airflow.scheduler().tick()
    claims = jwt.decode(workloads[0].token, options={"verify_signature": False})
    assert (claims["scope"], claims["exp"] - claims["iat"]) == ("workload", 600)
