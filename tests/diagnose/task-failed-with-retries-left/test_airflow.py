from collections.abc import Callable, Iterator

import pytest

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler, TaskInstanceKey
from tests.diagnose.staging import shell
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import Worker, click

DAGS = "waiting_night_airflow.py"
NIGHT = "dags/nightly/dagRuns/night"
JUDGES = {
    "stuck in queued tries exceeded",
    "fail task",
    "patch_dag_run",
    "patch_task_instance",
    "patch_task_group_instances",
}


@pytest.fixture
def scheduler(airflow: Installation) -> Scheduler:
    """A scheduler that has sent the tasks of two nights."""
    scheduler = airflow.scheduler()
    for run_id in ("night-before", "night"):
        airflow.create_run("nightly", None, run_id)
    scheduler.tick()
    return scheduler


def judged(ask: Callable, page: StagedPage, task_id: str = "load_rates") -> tuple:
    number, allowed, _, event, *_ = row(ask, page, task_id)
    return number, allowed, event


def row(ask: Callable, page: StagedPage, task_id: str = "load_rates") -> tuple:
    """Ask for a task; it is the one that has a retry where no other is named."""
    code = page.code("check", 1).replace("<run id>", "night")
    (found,) = ask(code.replace("'load_orders'", f"'{task_id}'"))
    return found


@pytest.fixture(autouse=True)
def requests_agree(
    airflow: Installation, page: StagedPage, ask: Callable, api: dict[str, str]
) -> Iterator[None]:
    """At the end of each test, the page's requests say of each failed task what its query does."""
    yield
    failed = "select dag_id, task_id from task_instance where run_id = 'night' and state = 'failed'"
    for dag_id, task_id in airflow.rows(failed):
        query = page.code("check", 1).replace("<run id>", "night").replace("nightly", dag_id)
        ((number, allowed, _, judges, host, _),) = ask(query.replace("load_orders", task_id))
        code = page.code().replace("nightly", dag_id).replace("load_orders", task_id)
        lines = [line.split("\t") for line in shell.run(code, RUN_ID="night", **api).splitlines()]
        *_, last = [line for line in lines if len(line) == 5]
        assert last[:4] == [str(number), str(allowed), "failed", host]
        since = [event for when, event, *_ in lines if len(_) == 1 and when >= last[4]]
        assert [one for one in since if one in JUDGES] == (judges or "").split(", ") * bool(judges)


def sent(scheduler: Scheduler, task_id: str = "load_rates") -> TaskInstanceKey:
    tonight = [key for key in scheduler.executor.running if key.run_id == "night"]
    (key,) = [key for key in tonight if key.task_id == task_id]
    return key


def test_all_were_used(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    page.says("**`try_number` is above `max_tries`.** All were used.")
    for number in (1, 2):
        Worker(airflow, f"worker-{number}").start(sent(scheduler))
        scheduler.executor.lose_task(sent(scheduler))
        scheduler.tick()
        airflow.later(minutes=6)
        scheduler.tick()
    assert row(ask, page) == (2, 1, False, None, "worker-2", "worker-1")


def test_it_never_began(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    page.says("**Not used up, and `stuck in queued tries exceeded`.** It never began.")
    for _ in range(3):
        airflow.later(minutes=11)
        scheduler.check_queued()
        scheduler.tick()
    assert judged(ask, page) == (1, 1, "stuck in queued tries exceeded")


def test_a_verdict_on_an_earlier_attempt_is_not_this_one_s(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    test_it_never_began(page, airflow, scheduler, ask)
    page.says("After a clear, `max_tries` is higher than `retries`")
    airflow.clear("nightly", "night")
    for _ in range(3):
        scheduler.tick()
    fail(airflow, scheduler)
    assert judged(ask, page) == (2, 2, None)


def fail(airflow: Installation, scheduler: Scheduler) -> None:
    """Let the code decide that another attempt is no use."""
    Worker(airflow).start(sent(scheduler))
    Worker(airflow).fail(sent(scheduler))


def test_the_code_decided(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    page.says("**Not used up, and nothing.** The code decided")
    fail(airflow, scheduler)
    assert judged(ask, page) == (1, 1, None)


def test_another_task_failed(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    page.says("**Not used up, and `fail task`.** `fail_fast=True`, and another task")
    scheduler, worker = airflow.scheduler(), Worker(airflow)
    airflow.create_run("all_or_nothing", None, "night")
    scheduler.tick()
    for key in scheduler.executor.running:
        worker.start(key)
    worker.fail(sent(scheduler, "load_orders"))
    code = page.code("check", 1).replace("<run id>", "night")
    code = code.replace("'nightly'", "'all_or_nothing'")
    ((*_, fail_fast, event, _, _),) = ask(code.replace("'load_orders'", "'load_rates'"))
    assert (fail_fast, event) == (True, "fail task")


@pytest.mark.parametrize(
    ("path", "body", "event"),
    [
        ("/taskInstances/load_rates", {"new_state": "failed"}, "patch_task_instance"),
        ("/taskGroupInstances/loads", {"new_state": "failed"}, "patch_task_group_instances"),
        ("", {"state": "failed"}, "patch_dag_run"),
    ],
)
def test_somebody_decided(
    page: StagedPage,
    airflow: Installation,
    scheduler: Scheduler,
    ask: Callable,
    path: str,
    body: dict[str, str],
    event: str,
) -> None:
    page.says("Somebody set the state, of the task, its group or the whole run.")
    Worker(airflow).start(sent(scheduler))
    click("PATCH", NIGHT + path, **body)
    assert judged(ask, page) == (1, 1, event)


def test_somebody_decided_about_another(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    click("PATCH", "dags/nightly/dagRuns/night-before", state="failed")
    click("PATCH", f"{NIGHT}/taskInstances/load_orders", new_state="failed")
    fail(airflow, scheduler)
    assert judged(ask, page) == (1, 1, None)


def test_somebody_decided_about_several(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    page.says("somebody changed several tasks in one call, which the audit log leaves out")
    entity = {"dag_id": "nightly", "dag_run_id": "night", "task_id": "load_rates"}
    action = {"action": "update", "entities": [entity | {"new_state": "failed"}]}
    click("PATCH", f"{NIGHT}/taskInstances", actions=[action])
    assert judged(ask, page) == (1, 1, None)


def test_there_were_none(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, ask: Callable
) -> None:
    page.says("**`max_tries` is 0.** It has no retries")
    Worker(airflow).start(sent(scheduler, "load_orders"))
    scheduler.executor.lose_task(sent(scheduler, "load_orders"))
    scheduler.tick()
    assert judged(ask, page, "load_orders")[1] == 0


def test_it_runs_on(page: StagedPage, scheduler: Scheduler, ask: Callable) -> None:
    assert ask(page.code("check", 1).replace("<run id>", "night")) == []
