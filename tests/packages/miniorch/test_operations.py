from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from miniorch import (
    DAG,
    INCIDENT,
    Every,
    Orchestrator,
    Plan,
    Reprocess,
    RetryPolicy,
    RunKind,
    RunState,
    Task,
    TaskContext,
    TaskState,
    plan_backfill,
)
from miniorch.stock import load

DAYS = [INCIDENT + timedelta(days=n) for n in (-2, -1, 0)]


def work(ctx: TaskContext) -> Iterator[str]:
    yield "worked"


def shop(*tasks: Task, **options: object) -> Orchestrator:
    return Orchestrator([DAG("shop", tasks or (Task("load", load),), **options)])


def loaded(**params: object) -> Orchestrator:
    """Three days, loaded once."""
    machine = shop(Task("load", load, params=params))
    for day in DAYS:
        machine.trigger("shop", day)
    machine.run_until_idle()
    return machine


def started(machine: Orchestrator, after: int = 0) -> list[str]:
    return [event.task_id for event in machine.store.events("started") if event.seq > after]


def test_a_date_is_triggered_once() -> None:
    machine = shop()
    machine.trigger("shop", INCIDENT)
    with pytest.raises(ValueError, match=r"shop already has a run for 2026-03-14T03:00"):
        machine.trigger("shop", INCIDENT)


# --- clear


def chain() -> Orchestrator:
    machine = shop(Task("a", work), Task("b", work, ("a",)), Task("c", work, ("b",)))
    machine.trigger("shop", INCIDENT)
    machine.run_until_idle()
    return machine


@pytest.mark.parametrize(
    ("arguments", "again"),
    [
        ({}, ["a", "b", "c"]),
        ({"task_id": "b"}, ["b"]),
        ({"task_id": "b", "downstream": True}, ["b", "c"]),
        ({"task_id": "a", "downstream": True}, ["a", "b", "c"]),
    ],
)
def test_cleared_tasks_run_again_and_only_those(
    arguments: dict[str, Any], again: list[str]
) -> None:
    machine = chain()
    before = machine.store.events()[-1].seq
    assert machine.clear("shop", INCIDENT, **arguments) == again
    machine.run_until_idle()
    assert started(machine, after=before) == again
    assert [run.state for run in machine.store.runs()] == [RunState.SUCCESS]


def test_clearing_counts_and_continues_the_attempts() -> None:
    machine = chain()
    machine.clear("shop", INCIDENT)
    machine.run_until_idle()
    assert [run.clear_number for run in machine.store.runs()] == [1]
    assert {ti.attempt for ti in machine.store.task_instances()} == {2}


def test_a_cleared_task_has_all_its_retries_again() -> None:
    def broken(ctx: TaskContext) -> Iterator[str]:
        yield "tried"
        raise ValueError

    machine = shop(Task("a", broken, retry=RetryPolicy(retries=1, delay=10, backoff=3)))
    machine.trigger("shop", INCIDENT)
    machine.run_until_idle()
    machine.clear("shop", INCIDENT)
    machine.run_until_idle()
    assert len(started(machine)) == 4
    ends = [event.at for event in machine.store.events("reported")]
    starts = [event.at for event in machine.store.events("started")]
    assert (starts[1] - ends[0]) == (starts[3] - ends[2]), "and the first delay again"


def test_what_is_in_flight_is_not_cleared() -> None:
    machine = shop(Task("a", work), Task("b", work, ("a",)))
    machine.trigger("shop", INCIDENT)
    machine.tick()
    assert machine.clear("shop", INCIDENT) == []
    machine.tick(2)
    assert machine.clear("shop", INCIDENT) == ["a"]
    [run] = machine.store.runs()
    assert (run.state, run.clear_number) == (RunState.RUNNING, 1)
    machine.run_until_idle()
    assert started(machine) == ["a", "b", "a"]


def test_there_is_nothing_to_clear_on_a_date_without_a_run() -> None:
    with pytest.raises(KeyError, match="shop has no run for 2026-03-14"):
        shop().clear("shop", INCIDENT)


def test_a_task_that_is_not_there_cannot_be_cleared() -> None:
    with pytest.raises(KeyError, match="laod"):
        chain().clear("shop", INCIDENT, "laod")


# --- backfill


def test_a_backfill_makes_the_missing_runs() -> None:
    machine = shop()
    assert set(machine.backfill("shop", DAYS).values()) == {Plan.CREATE}
    machine.run_until_idle()
    runs = machine.store.runs()
    assert {(run.kind, run.max_active) for run in runs} == {(RunKind.BACKFILL, 10)}
    assert machine.warehouse.total() == 3000


@pytest.mark.parametrize(
    ("state", "reprocess", "plan"),
    [
        (None, "none", Plan.CREATE),
        (None, "completed", Plan.CREATE),
        ("queued", "completed", Plan.IN_FLIGHT),
        ("running", "completed", Plan.IN_FLIGHT),
        ("success", "none", Plan.ALREADY_EXISTS),
        ("success", "failed", Plan.ALREADY_EXISTS),
        ("success", "completed", Plan.CLEAR),
        ("failed", "none", Plan.ALREADY_EXISTS),
        ("failed", "failed", Plan.CLEAR),
        ("failed", "completed", Plan.CLEAR),
    ],
)
def test_what_a_backfill_does_depends_on_the_run_that_is_there(
    state: str | None, reprocess: str, plan: Plan
) -> None:
    machine = shop()
    if state:
        queued = machine.trigger("shop", INCIDENT)
        if state != "queued":
            machine.store.transition_run(queued, RunState(state))
    dag, dates = machine.dags["shop"], [INCIDENT]
    before = machine.store.events()
    assert plan_backfill(machine.store, dag, dates, Reprocess(reprocess)) == {INCIDENT: plan}
    assert machine.store.events() == before, "a plan changes nothing"


@pytest.mark.parametrize(("write", "total"), [("append", 6000), ("overwrite", 3000)])
def test_a_backfill_of_completed_runs_doubles_what_is_appended(write: str, total: int) -> None:
    machine = loaded(write=write)
    assert machine.warehouse.total() == 3000
    machine.backfill("shop", DAYS, Reprocess.COMPLETED)
    machine.run_until_idle()
    assert machine.warehouse.total() == total


def test_a_backfill_takes_the_existing_runs_over() -> None:
    machine = loaded()
    ids = [run.run_id for run in machine.store.runs()]
    machine.backfill("shop", DAYS, Reprocess.COMPLETED, max_active_runs=2)
    runs = machine.store.runs()
    assert [run.run_id for run in runs] == ids
    assert {(r.kind, r.clear_number, r.max_active) for r in runs} == {(RunKind.BACKFILL, 1, 2)}


def test_a_backfill_of_failed_runs_leaves_the_good_ones_alone() -> None:
    def fails_once(ctx: TaskContext) -> Iterator[str]:
        yield "tried"
        if ctx.attempt == 1 and ctx.logical_date == DAYS[1]:
            raise ValueError

    machine = shop(Task("a", fails_once))
    for day in DAYS:
        machine.trigger("shop", day)
    machine.run_until_idle()
    before = machine.store.events()[-1].seq
    machine.backfill("shop", DAYS, Reprocess.FAILED)
    machine.run_until_idle()
    assert len(started(machine, after=before)) == 1
    assert {run.state for run in machine.store.runs()} == {RunState.SUCCESS}


def test_a_backfill_has_a_limit_of_its_own_and_does_not_hold_up_the_schedule() -> None:
    dag = DAG("shop", (Task("a", work),), Every(86_400), max_active_runs=1)
    machine = Orchestrator([dag])
    machine.backfill("shop", DAYS[:2], max_active_runs=1)
    machine.tick()
    kinds = [(run.kind, run.state) for run in machine.store.runs()]
    assert kinds == [
        (RunKind.BACKFILL, RunState.RUNNING),
        (RunKind.BACKFILL, RunState.QUEUED),
        (RunKind.SCHEDULED, RunState.RUNNING),
    ]


def test_a_backfill_of_a_date_leaves_it_out_of_catch_up() -> None:
    dag = DAG("shop", (Task("a", work),), Every(86_400), start=INCIDENT, catchup=True)
    machine = Orchestrator([dag])
    machine.backfill("shop", [INCIDENT])
    machine.run_until(INCIDENT + timedelta(hours=1))
    assert [run.kind for run in machine.store.runs()] == [RunKind.BACKFILL]


def test_tasks_are_named_in_the_store_as_in_the_dag() -> None:
    machine = loaded()
    assert {ti.task_id for ti in machine.store.task_instances(TaskState.SUCCESS)} == {"load"}
