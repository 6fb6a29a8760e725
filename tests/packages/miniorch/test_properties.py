"""What holds for every DAG, every fault and every number of schedulers."""

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniorch import TRANSITIONS, RunState, TaskState, TriggerRule, play
from miniorch.rules import TERMINAL
from tests.packages.miniorch.scenes import Scenario
from tests.packages.miniorch.test_rules import expected

R = TriggerRule
RULES = st.sampled_from(TriggerRule)
FUNCTIONS = st.sampled_from(["load", "notify", "fail", "skip"])
LABELS = ["started", "read", "half", "written", "committed", "sent", "tried", "looked"]
# Rules that may let a task run while an upstream task still does.
EARLY = {R.ALWAYS, R.ONE_SUCCESS, R.ONE_FAILED, R.ONE_DONE}


@st.composite
def dags(
    draw: st.DrawFn,
    id: str = "shop",
    rules: st.SearchStrategy[TriggerRule] = RULES,
) -> Scenario:
    """A DAG of up to six tasks, listed in any order; `b` may wait for `a`, never `a` for `b`."""
    tasks = []
    for letter in "abcdef"[: draw(st.integers(1, 6))]:
        earlier = [task["id"] for task in tasks]
        tasks.append(
            {
                "id": letter,
                "fn": draw(FUNCTIONS),
                "upstream": draw(st.lists(st.sampled_from(earlier), unique=True))
                if earlier
                else [],
                "trigger_rule": draw(rules),
                "retry": {"retries": draw(st.integers(0, 2)), "delay": 7, "jitter": 1},
                "pool": draw(st.sampled_from(["default", "small"])),
                "priority": draw(st.integers(0, 2)),
                "params": {"write": draw(st.sampled_from(["append", "overwrite", "upsert"]))},
            }
        )
    draw(st.randoms(use_true_random=False)).shuffle(tasks)
    return {"id": id, "tasks": tasks, "max_active_tasks": draw(st.integers(1, 4))}


faults = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(
                ["crash", "kill_worker", "lose_heartbeat", "slow", "duplicate_delivery"]
            ),
            "task": st.sampled_from("abcdef"),
            "attempt": st.integers(1, 2),
            "at": st.sampled_from(LABELS),
            "seconds": st.integers(1, 90),
        }
    ),
    max_size=4,
)
settings = st.fixed_dictionaries(
    {
        "schedulers": st.integers(1, 3),
        "workers": st.integers(1, 4),
        "parallelism": st.integers(1, 5),
        "pools": st.fixed_dictionaries({"default": st.integers(1, 3), "small": st.just(1)}),
        "seed": st.integers(0, 9),
    }
)


@st.composite
def scenarios(
    draw: st.DrawFn, faults: st.SearchStrategy[list[Scenario]] = faults, **options: object
) -> Scenario:
    """One run of one DAG. Every fault passes, so every run ends."""
    return {
        "dags": [draw(dags(**options))],
        "faults": draw(faults),
        "settings": draw(settings),
        "actions": [
            {"do": "trigger", "dag_id": "shop", "logical_date": "2026-03-14"},
            {"do": "run_until_idle"},
        ],
    }


@given(scenarios(rules=st.sampled_from(sorted(set(TriggerRule) - EARLY))))
def test_a_task_starts_only_after_everything_upstream_has_ended(scenario: Scenario) -> None:
    machine = play(scenario)
    ended = set()
    for event in machine.store.events("state", "started"):
        if event.kind == "started":
            assert ended.issuperset(machine.dags["shop"][event.task_id].upstream)
        elif event.detail["to"] in TERMINAL:
            ended.add(event.task_id)


@given(scenarios())
def test_every_transition_is_in_the_table_and_begins_where_the_last_one_ended(
    scenario: Scenario,
) -> None:
    machine = play(scenario)
    history = defaultdict(list)
    for event in machine.store.events("state"):
        was, to = TaskState(event.detail["was"]), TaskState(event.detail["to"])
        assert to in TRANSITIONS[was]
        history[event.task_id].append((was, to))
    for steps in history.values():
        assert steps[0][0] is TaskState.NONE
        assert all(before[1] == after[0] for before, after in pairwise(steps))
        assert steps[-1][1] in TERMINAL


@given(scenarios())
def test_every_attempt_starts_on_one_worker_however_many_schedulers_and_deliveries(
    scenario: Scenario,
) -> None:
    machine = play(scenario)
    starts = [(event.task_id, event.attempt) for event in machine.store.events("started")]
    assert len(starts) == len(set(starts))
    for task in machine.dags["shop"].tasks:
        attempts = [attempt for id, attempt in starts if id == task.id]
        assert attempts == list(range(1, len(attempts) + 1))
        assert len(attempts) <= task.retry.retries + 1


@given(scenarios())
def test_no_limit_is_ever_passed(scenario: Scenario) -> None:
    machine = play(scenario)
    dag, limits = machine.dags["shop"], machine.settings
    occupied = set()
    for event in machine.store.events("state"):
        if event.detail["to"] in ("queued", "running"):
            occupied.add(event.task_id)
        else:
            occupied.discard(event.task_id)
        assert len(occupied) <= dag.max_active_tasks
        for pool, slots in limits.pools.items():
            assert sum(dag[id].pool == pool for id in occupied) <= slots


@given(scenarios())
def test_a_run_ends_as_an_independent_reading_of_the_rules_says(scenario: Scenario) -> None:
    machine = play(scenario)
    dag = machine.dags["shop"]
    [run] = machine.store.runs()
    ended = {id: ti.state for id, ti in machine.store.tasks_of(run).items()}
    started = {event.task_id for event in machine.store.events("started")}
    for task in dag.tasks:
        ups = tuple(ended[up] for up in task.upstream)
        allowed = {expected(task.trigger_rule, ups)} if ups else {TaskState.SCHEDULED}
        if task.trigger_rule is TriggerRule.ALL_SUCCESS and TaskState.SKIPPED in ups:
            allowed.add(TaskState.SKIPPED)  # seen before a failure beside it
        decided = TaskState.SCHEDULED if task.id in started else ended[task.id]
        assert decided in allowed, (task.id, ups)
    has_downstream = {up for task in dag.tasks for up in task.upstream}
    red = [
        task.id
        for task in dag.tasks
        if task.id not in has_downstream
        and ended[task.id] in (TaskState.FAILED, TaskState.UPSTREAM_FAILED)
    ]
    assert run.state is (RunState.FAILED if red else RunState.SUCCESS)


@given(scenarios())
def test_the_same_scenario_gives_the_same_log_and_the_same_warehouse(scenario: Scenario) -> None:
    first, again = play(scenario), play(scenario)
    assert first.store.events() == again.store.events()
    assert first.warehouse.total() == again.warehouse.total()


@given(scenarios(faults=st.just([])))
def test_without_faults_nothing_is_refused_silent_or_lost_by_one_scheduler(
    scenario: Scenario,
) -> None:
    scenario["settings"]["schedulers"] = 1
    machine = play(scenario)
    assert machine.store.events("refused", "heartbeat_timeout", "crashed") == []


attempts = st.lists(
    st.sampled_from(["started", "read", "half", "written", "committed"]), min_size=1, max_size=4
)


@given(
    attempts,
    st.sampled_from(["crash", "kill_worker", "lose_heartbeat"]),
    st.sampled_from(["overwrite", "upsert"]),
    st.booleans(),
    st.integers(0, 9),
    st.integers(1, 2),
)
def test_an_idempotent_load_has_its_effect_once_whatever_befalls_its_attempts(
    points: list[str], kind: str, write: str, transaction: bool, work: int, schedulers: int
) -> None:
    load = {
        "id": "load",
        "fn": "load",
        "retry": {"retries": len(points)},
        "params": {"write": write, "transaction": transaction, "work": work},
    }
    machine = play(
        {
            "dags": [{"id": "shop", "tasks": [load]}],
            "faults": [
                {"kind": kind, "task": "load", "attempt": n, "at": at, "seconds": 300}
                for n, at in enumerate(points, 1)
            ],
            "settings": {"schedulers": schedulers, "workers": 6},
            "actions": [
                {"do": "trigger", "dag_id": "shop", "logical_date": "2026-03-14"},
                {"do": "run_until_idle"},
            ],
        }
    )
    assert machine.warehouse.total() == 1000
    assert len(machine.warehouse.query("select distinct order_id from revenue")) == 10


@pytest.mark.parametrize("retries", [1, 2, 3])
def test_an_append_has_its_effect_once_for_every_lost_acknowledgement(retries: int) -> None:
    machine = play(
        {
            "dags": [
                {
                    "id": "shop",
                    "tasks": [{"id": "load", "fn": "load", "retry": {"retries": retries}}],
                }
            ],
            "faults": [
                {"kind": "crash", "task": "load", "attempt": n, "at": "committed"}
                for n in range(1, retries + 1)
            ],
            "actions": [
                {"do": "trigger", "dag_id": "shop", "logical_date": "2026-03-14"},
                {"do": "run_until_idle"},
            ],
        }
    )
    assert machine.warehouse.total() == 1000 * (retries + 1)
