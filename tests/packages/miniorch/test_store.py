from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniorch import (
    DAG,
    INCIDENT,
    TRANSITIONS,
    FakeClock,
    IllegalTransition,
    MetadataStore,
    RunKind,
    RunState,
    Task,
    TaskContext,
    TaskInstance,
    TaskState,
)

S = TaskState


def work(ctx: TaskContext) -> Iterator[str]:
    yield "worked"


def waiting_task(compare_and_set: bool = True) -> tuple[MetadataStore, TaskInstance]:
    """A store with one task instance in state none."""
    clock = FakeClock()
    store = MetadataStore(clock) if compare_and_set else MetadataStore(clock, compare_and_set=False)
    store.create_run(DAG("shop", (Task("load", work),)), INCIDENT, RunKind.MANUAL, 1)
    [ti] = store.task_instances()
    return store, ti


def test_a_writer_that_is_right_about_the_row_moves_it_on() -> None:
    store, ti = waiting_task()
    after = store.transition(ti, S.SCHEDULED, attempt=1)
    assert (after.state, after.attempt) == (S.SCHEDULED, 1)
    assert store.task_instances() == [after]


def test_a_writer_that_is_wrong_about_the_state_is_refused_and_nothing_changes() -> None:
    store, ti = waiting_task()
    store.transition(ti, S.SKIPPED)
    assert store.transition(ti, S.SCHEDULED, attempt=1) is None
    assert [ti.state for ti in store.task_instances()] == [S.SKIPPED]
    [refusal] = store.events("refused")
    assert refusal.detail == {"believed": "none", "to": "scheduled", "found": "skipped #0"}


def test_a_writer_that_is_wrong_about_the_attempt_is_refused() -> None:
    store, ti = waiting_task()
    running = store.transition(ti, S.SCHEDULED, attempt=2)
    stale = replace(running, attempt=1)
    assert store.transition(stale, S.QUEUED) is None


@given(st.lists(st.sampled_from(sorted(TRANSITIONS[S.NONE])), min_size=2, max_size=6))
def test_of_many_writers_who_read_the_same_row_one_wins(wishes: list[TaskState]) -> None:
    store, ti = waiting_task()
    winners = [to for to in wishes if store.transition(ti, to)]
    assert winners == wishes[:1]
    assert [event.detail["to"] for event in store.events("state")] == winners
    assert len(store.events("refused")) == len(wishes) - 1


@given(st.lists(st.sampled_from(sorted(TRANSITIONS[S.NONE])), min_size=2, max_size=6))
def test_without_compare_and_set_all_of_them_win_and_the_last_stays(
    wishes: list[TaskState],
) -> None:
    store, ti = waiting_task(compare_and_set=False)
    assert all(store.transition(ti, to) for to in wishes)
    assert store.task_instances()[0].state == wishes[-1]


@pytest.mark.parametrize("state", S)
def test_a_transition_that_is_not_in_the_table_is_a_bug_and_says_so(state: TaskState) -> None:
    store, ti = waiting_task()
    for to in set(S) - TRANSITIONS[state]:
        with pytest.raises(IllegalTransition, match=f"load: {state} -> {to}"):
            store.transition(replace(ti, state=state), to)


def test_a_date_has_one_run() -> None:
    store, _ = waiting_task()
    dag = DAG("shop", (Task("load", work),))
    assert store.create_run(dag, INCIDENT, RunKind.SCHEDULED, 1) is None
    assert len(store.runs()) == 1
    assert len(store.task_instances()) == 1


def test_another_dag_may_run_for_the_same_date() -> None:
    store, _ = waiting_task()
    other = store.create_run(DAG("b", (Task("load", work),)), INCIDENT, RunKind.MANUAL, 1)
    assert [run.dag_id for run in store.runs()] == ["b", "shop"]
    assert list(store.tasks_of(other)) == ["load"]


def test_a_logical_date_needs_a_time_zone() -> None:
    store, _ = waiting_task()
    with pytest.raises(ValueError, match="time zone"):
        store.create_run(DAG("b", ()), datetime(2026, 3, 14), RunKind.MANUAL, 1)


def test_a_run_is_compared_by_its_state() -> None:
    store, _ = waiting_task()
    [run] = store.runs()
    assert store.transition_run(run, RunState.RUNNING)
    assert not store.transition_run(run, RunState.RUNNING), "it is no longer queued"
    assert len(store.events("run_running")) == 1


def test_a_heartbeat_of_an_older_attempt_is_not_heard() -> None:
    store, ti = waiting_task()
    second = store.transition(ti, S.SCHEDULED, attempt=2)
    store.heartbeat(replace(second, attempt=1), INCIDENT)
    assert store.task_instances()[0].heartbeat is None
    store.heartbeat(second, INCIDENT)
    assert store.task_instances()[0].heartbeat == INCIDENT


def test_the_log_is_in_order_and_stamped_with_true_time() -> None:
    store, ti = waiting_task()
    store.clock.skew["scheduler"] = 3600
    store.clock.advance(5)
    store.transition(ti, S.SKIPPED)
    events = store.events()
    assert [event.seq for event in events] == [1, 2]
    assert [(event.task_id, event.attempt) for event in events] == [("", 0), ("load", 0)]
    assert [(event.at - INCIDENT).total_seconds() for event in events] == [0, 5]
