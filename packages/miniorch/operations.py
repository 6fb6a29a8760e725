"""What people do to a running orchestrator: trigger, clear, backfill."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from .model import DAG, Task
from .records import Run, RunKind, TaskInstance
from .rules import TRANSITIONS, RunState, TaskState
from .store import MetadataStore

FINISHED = (RunState.SUCCESS, RunState.FAILED)


class Reprocess(StrEnum):
    """What a backfill does with dates that already have a finished run."""

    NONE = "none"  # leaves them alone
    FAILED = "failed"  # runs the failed ones again
    COMPLETED = "completed"  # runs the failed and the successful ones again


class Plan(StrEnum):
    """What a backfill does with one date."""

    CREATE = "create"
    CLEAR = "clear"
    ALREADY_EXISTS = "already exists"
    IN_FLIGHT = "in flight"


REDONE = {
    Reprocess.NONE: (),
    Reprocess.FAILED: (RunState.FAILED,),
    Reprocess.COMPLETED: FINISHED,
}


def trigger(store: MetadataStore, dag: DAG, logical_date: datetime) -> Run:
    """Start a run by hand; ValueError if that date already has one."""
    run = store.create_run(dag, logical_date, RunKind.MANUAL, dag.max_active_runs)
    if run is None:
        raise ValueError(f"{dag.id} already has a run for {logical_date.isoformat()}")
    return run


def clear(
    store: MetadataStore,
    dag: DAG,
    run: Run,
    task_id: str | None = None,
    downstream: bool = False,
    **changes: object,
) -> list[str]:
    """Make finished tasks run again: one, one and all downstream of it, or (no id) all.

    Returns the ids of the tasks cleared; those in flight are left alone. KeyError if the DAG
    has no such task. `changes` are columns of the run to set with it.
    """
    chosen = {dag[task_id].id} if task_id else set(dag.order)
    if task_id and downstream:
        chosen |= dag.downstream_of(task_id)
    cleared = [
        ti.task_id
        for ti in store.tasks_of(run).values()
        if ti.task_id in chosen and _clear(store, dag[ti.task_id], ti)
    ]
    if cleared:
        state = RunState.QUEUED if run.state in FINISHED else run.state
        store.transition_run(run, state, clear_number=run.clear_number + 1, **changes)
    return cleared


def plan_backfill(
    store: MetadataStore, dag: DAG, dates: Iterable[datetime], reprocess: Reprocess
) -> dict[datetime, Plan]:
    """What a backfill of these dates would do: its dry run."""
    return {date: _plan(store.run_on(dag.id, date), reprocess) for date in dates}


def backfill(
    store: MetadataStore,
    dag: DAG,
    dates: Iterable[datetime],
    reprocess: Reprocess,
    max_active_runs: int,
) -> dict[datetime, Plan]:
    """Create or clear runs for these dates and return what was done.

    A finished run that is done again is cleared and becomes a backfill run; no second run
    appears next to it. `max_active_runs` is the backfill's own, apart from the DAG's.
    """
    plan = plan_backfill(store, dag, dates, reprocess)
    for date, action in plan.items():
        run = store.run_on(dag.id, date)
        if action is Plan.CREATE:
            store.create_run(dag, date, RunKind.BACKFILL, max_active_runs)
        elif run and action is Plan.CLEAR:
            clear(store, dag, run, kind=RunKind.BACKFILL, max_active=max_active_runs)
    return plan


def _clear(store: MetadataStore, task: Task, ti: TaskInstance) -> bool:
    """Back to the start, with all retries again; False if it is in flight."""
    if TaskState.NONE not in TRANSITIONS[ti.state]:
        return False
    max_attempts = ti.attempt + task.retry.retries + 1
    return store.transition(ti, TaskState.NONE, max_attempts=max_attempts) is not None


def _plan(run: Run | None, reprocess: Reprocess) -> Plan:
    if run is None:
        return Plan.CREATE
    if run.state not in FINISHED:
        return Plan.IN_FLIGHT
    return Plan.CLEAR if run.state in REDONE[reprocess] else Plan.ALREADY_EXISTS
