from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING
from unittest.mock import patch
from uuid import UUID

import pytest

from testbed.airflow.installation import Installation
from testbed.airflow.loop import Part
from testbed.sandbox import ROOT
from tests.words import Words

if TYPE_CHECKING:
    from tests.diagnose.staging.servers import Worker

PAGE = ROOT / "docs" / "scheduler-deep-dive" / "one-tick.md"

RUNNING, QUEUED_AGAIN = "4 running, try 1", "4 queued, try 2"


def test_bug_is_real(program: ModuleType, airflow: Installation) -> None:
    story = program.restart(airflow, program.KILLED["tasks sent and running"])
    assert story == (RUNNING, 4, QUEUED_AGAIN)


def test_fix_holds(program: ModuleType, airflow: Installation) -> None:
    assert program.wait(airflow) == (RUNNING, 0, RUNNING)


def test_an_examination_that_is_cut_short_leaves_nothing(
    program: ModuleType, airflow: Installation
) -> None:
    story = program.restart(airflow, program.KILLED["one of two runs examined"])
    assert story == ("4 none, try 0", 0, "4 queued, try 1")


def test_what_was_queued_and_never_sent_is_reset(
    program: ModuleType, airflow: Installation
) -> None:
    story = program.restart(airflow, program.KILLED["tasks queued, none sent"])
    assert story == ("4 queued, try 1", 4, QUEUED_AGAIN)


def test_a_scheduler_that_joins_takes_the_tasks_of_a_living_one(
    program: ModuleType, airflow: Installation
) -> None:
    assert program.join(airflow) == (RUNNING, 4, QUEUED_AGAIN)
    assert airflow.metrics["schedulerjobrunner_end"] == 1  # it was marked as failed
    assert airflow.states("job") == {"running": 2}  # and has said since that it runs


def test_a_quick_restart_resets_nothing_until_the_next_check(
    program: ModuleType, airflow: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "SILENT", 20)
    story = program.restart(airflow, program.KILLED["tasks sent and running"])
    assert story == (RUNNING, 0, RUNNING)
    airflow.later(seconds=300)
    assert program.start_another(airflow) == 4


@pytest.mark.parametrize(("threshold", "reset"), [(30, 4), (120, 0)])
def test_after_a_quick_restart_a_high_threshold_leaves_the_orphans_running(
    program: ModuleType, page: Words, monkeypatch: pytest.MonkeyPatch, threshold: int, reset: int
) -> None:
    page.says("finds the old row younger than 120 s and resets nothing")
    monkeypatch.setattr(program, "SILENT", 60)
    option = {"scheduler__scheduler_health_check_threshold": threshold}
    with program.installation(**option) as airflow:
        story = program.restart(airflow, program.KILLED["tasks sent and running"])
    assert story == (RUNNING, reset, QUEUED_AGAIN if reset else RUNNING)


def test_the_orphans_of_a_quick_restart_wait_for_the_check_after_five_minutes(
    program: ModuleType, page: Words
) -> None:
    page.says("for up to five minutes more")
    seen = []

    def look_in_each_turn(part: Part) -> None:
        if part.function == "heartbeat":
            airflow.later(seconds=100)  # after two of these the row is older than the threshold
        if part.function == "_create_dagruns_for_dags":
            seen.append(airflow.states("task_instance"))

    with program.installation(scheduler__scheduler_health_check_threshold=120) as airflow:
        with pytest.raises(program.Killed):
            program.turn(program.first_scheduler(airflow), "heartbeat", then=program.kill)
        airflow.later(seconds=60)
        airflow.scheduler().loop(look_in_each_turn, times=4)
    assert seen == [{"running": 4}] * 3 + [{"none": 4}]


def test_the_attempt_that_was_reset_is_refused_at_its_next_heartbeat(
    program: ModuleType, airflow: Installation, page: Words
) -> None:
    from airflow.sdk.api.client import ServerResponseError

    from tests.diagnose.staging.servers import Worker

    page.says(
        "A reset gives an attempt a new id, so the next heartbeat of its old process is refused"
    )
    scheduler = program.first_scheduler(airflow)
    scheduler.tick()
    key = scheduler.executor.sent[0]
    worker = Worker(airflow)
    worker.start(key)
    old, _ = worker.ids(key)
    beat(worker, old)
    airflow.later(seconds=program.SILENT)
    assert program.start_another(airflow) == 4
    with pytest.raises(ServerResponseError) as refused:
        beat(worker, old)
    assert refused.value.response.status_code == 410


def beat(worker: Worker, attempt: UUID) -> None:
    """Send the heartbeat of an attempt, as its supervisor does."""
    from tests.diagnose.staging.servers import PID, execution

    with patch("airflow.sdk.api.client.get_hostname", return_value=worker.host):
        execution().task_instances.heartbeat(attempt, PID)


def test_an_executor_that_adopts_loses_nothing(
    program: ModuleType, airflow: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from testbed.airflow.scheduler import Executor

    monkeypatch.setattr(Executor, "try_adopt_task_instances", lambda self, tasks: [])
    story = program.restart(airflow, program.KILLED["tasks sent and running"])
    assert story == (RUNNING, 0, RUNNING)
    assert airflow.metrics["scheduler.orphaned_tasks.adopted"] == 4


def test_the_local_executor_adopts_nothing() -> None:
    from airflow.executors.base_executor import BaseExecutor
    from airflow.executors.local_executor import LocalExecutor

    assert LocalExecutor.try_adopt_task_instances is BaseExecutor.try_adopt_task_instances


def test_a_reset_costs_a_try(program: ModuleType, airflow: Installation) -> None:
    program.restart(airflow, program.KILLED["tasks sent and running"])
    tries = airflow.rows("select max_tries, try_number from task_instance")
    assert set(tries) == {(0, 2)}
    ((kept,),) = airflow.rows("select count(*) from task_instance_history where try_number = 1")
    assert kept == 4


def test_a_paused_dag_is_not_examined(program: ModuleType, airflow: Installation) -> None:
    scheduler, parts = program.first_scheduler(airflow), []
    scheduler.loop(lambda part: parts.append(part.function))
    airflow.pause("nightly")
    paused = []
    scheduler.loop(lambda part: paused.append(part.function))
    assert parts.count("_schedule_dag_run") == 2
    assert "_schedule_dag_run" not in paused


def test_a_timer_examines_a_paused_dag_whose_tasks_have_changed(
    program: ModuleType, airflow: Installation
) -> None:
    scheduler = program.first_scheduler(airflow)
    program.turn(scheduler, "heartbeat", lambda: None)
    airflow.pause("nightly")
    seen = [examined(airflow)]
    for _ in range(2):
        scheduler.loop(minute_in_a_turn(airflow))
        seen.append(examined(airflow))
    assert seen[0] < seen[1] == seen[2]


def minute_in_a_turn(airflow: Installation) -> Callable[[Part], None]:
    """Make a turn long enough for the timer of paused Dags."""
    return lambda part: airflow.later(seconds=61) if part.function == "heartbeat" else None


def examined(airflow: Installation) -> datetime:
    """Say when the run was examined that has waited longest."""
    ((when,),) = airflow.rows("select min(last_scheduling_decision) from dag_run")
    return when


def test_a_heartbeat_of_a_task_changes_it(program: ModuleType, airflow: Installation) -> None:
    from airflow.models import TaskInstance
    from sqlalchemy import update

    program.turn(program.first_scheduler(airflow), "heartbeat", lambda: None)
    changed = "select min(updated_at) from task_instance"
    before = airflow.rows(changed)
    with airflow.session() as session:  # the statement of the API server
        session.execute(update(TaskInstance).values(last_heartbeat_at=datetime.now(UTC)))
    assert airflow.rows(changed) > before


def test_what_is_reset_waits_while_its_dag_is_paused(
    program: ModuleType, airflow: Installation
) -> None:
    program.turn(program.first_scheduler(airflow), "heartbeat", lambda: None)
    airflow.pause("nightly")
    airflow.later(seconds=program.SILENT)
    assert program.start_another(airflow) == 4
    assert program.look(airflow) == "4 none, try 1"


def slow_turns(program: ModuleType, airflow: Installation, seconds: int) -> str:
    """Let one scheduler alone for 341 seconds at least, in turns of so many."""
    scheduler = program.first_scheduler(airflow)

    def wait() -> None:
        airflow.later(seconds=seconds)

    program.turn(scheduler, "heartbeat", wait, times=341 // seconds + 1)
    return program.look(airflow)


def test_turns_longer_than_the_threshold_cost_a_scheduler_its_own_tasks(
    program: ModuleType, airflow: Installation
) -> None:
    assert slow_turns(program, airflow, seconds=31) == "4 running, try 2"
    assert airflow.metrics["scheduler.orphaned_tasks.cleared"] == 4


def test_turns_shorter_than_the_threshold_cost_it_nothing(
    program: ModuleType, airflow: Installation
) -> None:
    assert slow_turns(program, airflow, seconds=27) == RUNNING


def test_the_queries_of_the_card(program: ModuleType, airflow: Installation) -> None:
    fences = re.findall(r"```sql\n(.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    schedulers, unfinished = (fence.replace(";", "") for fence in fences)
    scheduler = program.first_scheduler(airflow)
    scheduler.loop()
    ((number, _, state, _),) = airflow.rows(schedulers)
    assert (number, state) == (scheduler.job.id, "running")
    assert airflow.rows(unfinished) == [("nightly", 4)]
    airflow.pause("nightly")
    assert airflow.rows(unfinished) == []


def test_the_request_of_the_card_shows_the_freshest_scheduler_only(
    program: ModuleType, airflow: Installation, page: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.diagnose.staging.servers import LOGIN, rest

    for variable, value in LOGIN.items():
        monkeypatch.setenv(variable, value)

    page.says("Of several schedulers it shows the freshest row, which hides a dead one")
    ((path, part, name),) = re.findall(r'\$AIRFLOW(\S+)" \| jq -r \'\.(\w+)\.(\w+)\'', page.text)
    first = rest().get(path).json()[part][name]
    rows = "select latest_heartbeat from job where state = 'running' order by id"
    seen = []
    for _ in range(2):
        airflow.scheduler()
        airflow.later(seconds=300)
        seen.append(datetime.fromisoformat(rest().get(path).json()[part][name]))
    assert first is None
    assert airflow.rows(rows) == [(heartbeat,) for heartbeat in seen]  # the first is dead by now
