from collections.abc import Callable
from pathlib import Path

import pytest
from airflow.utils.state import TaskInstanceState

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler, TaskInstanceKey
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import called, fall_silent, reported_late
from tests.diagnose.staging.page import COMPANY, StagedPage
from tests.diagnose.staging.servers import Worker, click
from tests.words import page_at

DAGS = "waiting_night_airflow.py"
NIGHT = "dags/nightly/dagRuns/night"
VERDICTS = {"stuck in queued tries exceeded", "state mismatch", "heartbeat timeout", "fail task"}


@pytest.fixture
def scheduler(airflow: Installation) -> Scheduler:
    """A scheduler that has sent the tasks of a night to a worker."""
    airflow.create_pool("partner_api", 1)
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    return scheduler


@pytest.fixture
def worker(airflow: Installation) -> Worker:
    return Worker(airflow)


@pytest.fixture
def told(page: StagedPage, ask: Callable, api: dict[str, str]) -> Callable[..., list[tuple]]:
    """Ask as the page does, by the API and by the query: state, hostname, event, and what of it."""

    def read(task_id: str = "load_orders", dag_id: str = "nightly") -> list[tuple]:
        def of_this(code: str) -> str:
            return code.replace("load_orders", task_id).replace("nightly", dag_id)

        rows = ask(of_this(page.code("check", 1)).replace("<run id>", "night"))
        found = [(state, host, event, extra) for _, state, host, *_, event, extra in rows]
        last, *events = shell.run(of_this(page.code()), RUN_ID="night", **api).splitlines()
        number, state, host, *_ = last.split("\t")
        of_the_last = [line.split("\t") for line in events if line.startswith(f"{number}\t")]
        verdicts = {event for _, event, *_ in of_the_last} & VERDICTS
        assert {(state, host)} == {row[:2] for row in found}
        assert verdicts == {event for _, _, event, _ in found} - {None}
        return found

    return read


def sent(scheduler: Scheduler, task_id: str = "load_orders") -> TaskInstanceKey:
    (key,) = [key for key in scheduler.executor.running if key.task_id == task_id]
    return key


def lose(scheduler: Scheduler, key: TaskInstanceKey) -> None:
    scheduler.executor.lose_task(key)
    scheduler.tick()


def wait_in_the_queue_for_ever(airflow: Installation, scheduler: Scheduler) -> None:
    for _ in range(3):
        airflow.later(minutes=11)
        scheduler.check_queued()
        scheduler.tick()


def test_no_worker_took_it(airflow: Installation, scheduler: Scheduler, told: Callable) -> None:
    wait_in_the_queue_for_ever(airflow, scheduler)
    (found,) = told()
    assert found[:3] == ("failed", "", "stuck in queued tries exceeded")


def test_the_worker_died_before_it_began(
    page: StagedPage, scheduler: Scheduler, told: Callable
) -> None:
    page.says("**Any other `state mismatch`.**")
    page.says("With `queued`, the worker died before the task began")
    lose(scheduler, sent(scheduler))
    ((state, host, event, extra),) = told()
    assert (state, host, event) == ("failed", "", "state mismatch")
    assert "finished with state failed" in extra
    assert "attribute is queued" in extra


def test_the_worker_died_on_the_way(
    page: StagedPage, scheduler: Scheduler, worker: Worker, told: Callable
) -> None:
    page.says("With `running`, it died on the way.")
    worker.start(sent(scheduler))
    lose(scheduler, sent(scheduler))
    ((state, host, event, extra),) = told()
    assert (state, host, event) == ("failed", "worker-3", "state mismatch")
    assert "attribute is running" in extra


@pytest.mark.parametrize("task_id", ["wait_for_it", "look_again"])
def test_nothing_died_of_what_waits_in_the_queue_again(
    page: StagedPage, scheduler: Scheduler, worker: Worker, told: Callable, task_id: str
) -> None:
    page.says(
        'of a task that waits by `deferrable=True` or `mode="reschedule"`, where `extra` has '
        "`finished with state success` and there is a `hostname`.** Nothing died."
    )
    page.says("and failed it, as 3.3.2 does in `queued`, in `running`")
    page_at("diagnose/sensors-fill-every-slot.md").says(
        "fails a task that has left its worker in order to wait, and nothing died"
    )
    page_at("glossary/reschedule.md").says(
        "3.3.2 can fail it between two looks although nothing died"
    )
    key = sent(scheduler, task_id)
    leave(worker, key)
    with reported_late(scheduler, key):
        scheduler.tick()
    assert_nothing_died(told(task_id), "queued")


@pytest.mark.parametrize("task_id", ["wait_for_it", "look_again"])
def test_nothing_died_of_what_runs_again(
    scheduler: Scheduler, worker: Worker, told: Callable, task_id: str
) -> None:
    key = sent(scheduler, task_id)
    leave(worker, key)
    scheduler.tick()
    worker.start(key)
    scheduler.executor.change_state(key, TaskInstanceState.SUCCESS)
    scheduler.tick()
    assert_nothing_died(told(task_id), "running")


def test_nothing_died_of_what_looks_again_and_is_not_queued_yet(
    page: StagedPage,
    airflow: Installation,
    scheduler: Scheduler,
    worker: Worker,
    told: Callable,
) -> None:
    page.says('and for `mode="reschedule"` in `scheduled` too')
    key = sent(scheduler, "look_again")
    leave(worker, key)
    airflow.create_pool("partner_api", 0)
    scheduler.tick()
    scheduler.executor.change_state(key, TaskInstanceState.SUCCESS)
    scheduler.tick()
    assert_nothing_died(told("look_again"), "scheduled")


def test_what_was_deferred_and_is_not_queued_yet_is_spared(
    airflow: Installation, scheduler: Scheduler, worker: Worker, told: Callable
) -> None:
    key = sent(scheduler, "wait_for_it")
    leave(worker, key)
    airflow.create_pool("default_pool", 0)
    scheduler.tick()
    scheduler.executor.change_state(key, TaskInstanceState.SUCCESS)
    scheduler.tick()
    assert told("wait_for_it") == [("scheduled", "worker-3", None, None)]


def leave(worker: Worker, key: TaskInstanceKey) -> None:
    """Begin, leave the worker in order to wait, and be due again before anybody has heard of it."""
    worker.start(key)
    if key.task_id == "look_again":
        worker.reschedule(key)
    else:
        worker.defer(key)
        worker.fire(key)


def assert_nothing_died(found: list[tuple], state: str) -> None:
    ((ended, host, event, extra),) = found
    assert (ended, host, event) == ("failed", "worker-3", "state mismatch")
    assert "finished with state success" in extra
    assert f"attribute is {state}" in extra


def test_it_fell_silent(airflow: Installation, scheduler: Scheduler, told: Callable) -> None:
    fall_silent(airflow, scheduler)
    assert ("failed", "worker-3", "heartbeat timeout") in [row[:3] for row in told()]


def test_another_task_of_a_fail_fast_dag_failed(
    airflow: Installation, worker: Worker, told: Callable
) -> None:
    scheduler = airflow.scheduler()
    airflow.create_run("all_or_nothing", None, "night")
    scheduler.tick()
    for key in scheduler.executor.running:
        worker.start(key)
    worker.fail(sent(scheduler, "load_rates"))
    (found,) = told(dag_id="all_or_nothing")
    assert found[:3] == ("failed", "worker-3", "fail task")


def test_the_host_is_the_last_attempt_s_until_the_next_begins(
    page: StagedPage,
    airflow: Installation,
    scheduler: Scheduler,
    worker: Worker,
    ask: Callable,
) -> None:
    queue_the_second(airflow, scheduler, worker)
    code = page.code("check", 1).replace("<run id>", "night").replace("load_orders", "load_rates")
    ((number, state, host, queued, started, *_),) = ask(code)
    assert (number, state, host) == (2, "queued", "worker-3")
    assert started < queued


def test_the_verdict_on_an_earlier_attempt_is_not_this_one_s(
    airflow: Installation, scheduler: Scheduler, worker: Worker, told: Callable
) -> None:
    queue_the_second(airflow, scheduler, worker)
    worker.start(sent(scheduler, "load_rates"))
    worker.fail(sent(scheduler, "load_rates"))
    assert told("load_rates") == [("failed", "worker-3", None, None)]


def queue_the_second(airflow: Installation, scheduler: Scheduler, worker: Worker) -> None:
    """Lose the worker of the first attempt, and have the scheduler queue another."""
    worker.start(sent(scheduler, "load_rates"))
    lose(scheduler, sent(scheduler, "load_rates"))
    airflow.later(minutes=6)
    scheduler.tick()


def test_it_failed_by_itself(scheduler: Scheduler, worker: Worker, told: Callable) -> None:
    worker.start(sent(scheduler))
    worker.fail(sent(scheduler))
    assert told() == [("failed", "worker-3", None, None)]


def test_a_person_failed_it(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, told: Callable
) -> None:
    page.says("for one task the audit log has `patch_task_instance` and who it was")
    click("PATCH", f"{NIGHT}/taskInstances/load_orders", new_state="failed")
    assert told() == [("failed", "", None, None)]
    who = "select event, owner from log where task_id = 'load_orders'"
    assert airflow.rows(who) == [("patch_task_instance", "Anonymous")]


def test_a_person_failed_it_with_others(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, told: Callable
) -> None:
    page.says("For tasks that were picked in the list and changed together 3.3.2 writes nothing.")
    entity = {"dag_id": "nightly", "dag_run_id": "night", "task_id": "load_orders"}
    action = {"action": "update", "entities": [entity | {"new_state": "failed"}]}
    click("PATCH", f"{NIGHT}/taskInstances", actions=[action])
    assert told() == [("failed", "", None, None)]
    assert airflow.rows("select event from log") == []


def test_a_callback_goes_to_the_dag_processor(
    page: StagedPage,
    airflow: Installation,
    scheduler: Scheduler,
    told: Callable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page.says(
        "For these three, Airflow 3.3.2 has the Dag processor run your `on_failure_callback` "
        "after the last attempt, and after a `heartbeat timeout` twice."
    )
    monkeypatch.chdir(tmp_path)
    lose(scheduler, sent(scheduler))
    assert told()[0][2] == "state mismatch"
    assert called(airflow, COMPANY / DAGS) == ["load_orders"]
    fall_silent(airflow, scheduler)
    assert sorted(called(airflow, COMPANY / DAGS)[1:]) == ["look_again"] * 2 + ["wait_for_it"] * 2


def test_a_callback_goes_there_for_what_never_began(
    airflow: Installation,
    scheduler: Scheduler,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    wait_in_the_queue_for_ever(airflow, scheduler)
    assert "load_orders" in called(airflow, COMPANY / DAGS)
