from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from miniorch import (
    DAG,
    DAILY_DST,
    INCIDENT,
    Defer,
    Event,
    Every,
    FakeClock,
    Fault,
    FaultKind,
    InlineExecutor,
    Orchestrator,
    RetryPolicy,
    RunState,
    SensorMode,
    Settings,
    Skip,
    Stalled,
    Task,
    TaskContext,
    TaskState,
    TriggerRule,
    daily,
    sensor,
)
from miniorch.stock import load

S = TaskState
HOUR = timedelta(hours=1)


def work(ctx: TaskContext) -> Iterator[str]:
    yield "worked"


def long_work(ctx: TaskContext) -> Iterator[str]:
    for _ in range(5):
        yield "working"


def broken(ctx: TaskContext) -> Iterator[str]:
    yield "tried"
    raise ValueError("no such column")


def forbidden(ctx: TaskContext) -> Iterator[str]:
    yield "tried"
    raise PermissionError("403")


def nothing_to_do(ctx: TaskContext) -> Iterator[str]:
    yield "looked"
    raise Skip


def run(
    *tasks: Task, settings: Settings | None = None, faults: Iterable[Fault] = (), **options: object
) -> Orchestrator:
    machine = Orchestrator([DAG("shop", tasks, **options)], faults, settings)
    machine.trigger("shop", INCIDENT)
    machine.run_until_idle()
    return machine


def states(machine: Orchestrator) -> dict[str, TaskState]:
    return {ti.task_id: ti.state for ti in machine.store.task_instances()}


def run_state(machine: Orchestrator) -> RunState:
    [only] = machine.store.runs()
    return only.state


def started(machine: Orchestrator) -> list[str]:
    return [event.task_id for event in machine.store.events("started")]


def most_at_once(machine: Orchestrator, among: Callable[[Event], bool] = lambda event: True) -> int:
    """The largest number of tasks that were queued or running at the same time."""
    occupied, most = 0, 0
    for event in filter(among, machine.store.events("state")):
        before, after = (event.detail[k] in ("queued", "running") for k in ("was", "to"))
        occupied += after - before
        most = max(most, occupied)
    return most


# --- order and trigger rules


def test_a_chain_runs_in_order_one_loop_after_another() -> None:
    machine = run(Task("c", work, ("b",)), Task("a", work), Task("b", work, ("a",)))
    assert started(machine) == ["a", "b", "c"]
    times = [event.at for event in machine.store.events("started")]
    assert times[0] < times[1] < times[2]


def test_a_skip_cascades_through_the_whole_chain_in_one_loop() -> None:
    machine = run(Task("a", nothing_to_do), Task("b", work, ("a",)), Task("c", work, ("b",)))
    assert states(machine) == {"a": S.SKIPPED, "b": S.SKIPPED, "c": S.SKIPPED}
    assert len({event.at for event in machine.store.events("state") if event.task_id in "bc"}) == 1
    assert run_state(machine) is RunState.SUCCESS


def test_a_failure_becomes_upstream_failed_below() -> None:
    machine = run(Task("a", broken), Task("b", work, ("a",)))
    assert states(machine) == {"a": S.FAILED, "b": S.UPSTREAM_FAILED}
    assert [ti.attempt for ti in machine.store.task_instances()] == [1, 0], "b was never tried"
    assert run_state(machine) is RunState.FAILED


def test_a_failure_above_a_leaf_that_always_works_leaves_the_run_green() -> None:
    always = TriggerRule.ALL_DONE
    machine = run(Task("extract", broken), Task("notify", work, ("extract",), trigger_rule=always))
    assert states(machine) == {"extract": S.FAILED, "notify": S.SUCCESS}
    assert run_state(machine) is RunState.SUCCESS


def test_a_watcher_leaf_turns_it_red_again() -> None:
    machine = run(
        Task("extract", broken),
        Task("notify", work, ("extract",), trigger_rule=TriggerRule.ALL_DONE),
        Task("watcher", broken, ("extract",), trigger_rule=TriggerRule.ONE_FAILED),
    )
    assert run_state(machine) is RunState.FAILED


# --- retries


def test_a_task_is_tried_as_often_as_the_policy_says_and_then_fails() -> None:
    machine = run(Task("load", broken, retry=RetryPolicy(retries=2)))
    assert started(machine) == ["load"] * 3
    assert states(machine) == {"load": S.FAILED}
    assert [event.attempt for event in machine.store.events("started")] == [1, 2, 3]


def test_an_error_the_policy_does_not_name_fails_at_the_first_attempt() -> None:
    policy = RetryPolicy(retries=2, retry_on=(ConnectionError,))
    assert started(run(Task("load", forbidden, retry=policy))) == ["load"]


def test_a_retry_waits_for_its_delay_and_for_longer_each_time() -> None:
    policy = RetryPolicy(retries=3, delay=20, backoff=2, max_delay=50)
    machine = run(Task("load", broken, retry=policy))
    ends = [event.at for event in machine.store.events("reported")]
    starts = [event.at for event in machine.store.events("started")]
    waits = [(b - a).total_seconds() for a, b in zip(ends, starts[1:], strict=False)]
    assert waits == [20, 40, 50]


def test_the_seed_decides_the_jitter() -> None:
    def starts(seed: int) -> list[datetime]:
        policy = RetryPolicy(retries=3, delay=100, jitter=1)
        machine = run(Task("load", broken, retry=policy), settings=Settings(seed=seed))
        return [event.at for event in machine.store.events("started")]

    assert starts(1) == starts(1)
    assert starts(1) != starts(2)


# --- limits


def test_a_pool_is_never_fuller_than_its_slots() -> None:
    tasks = [Task(f"t{n}", long_work, pool="warehouse") for n in range(5)]
    machine = run(*tasks, settings=Settings(pools={"warehouse": 2}))
    assert most_at_once(machine) == 2


def test_another_pool_is_not_held_up() -> None:
    settings = Settings(pools={"default": 9, "warehouse": 1})
    tasks = [Task(f"t{n}", long_work, pool="warehouse") for n in range(3)]
    machine = run(*tasks, Task("other", work), settings=settings)
    first_tick = [e.task_id for e in machine.store.events("started") if e.at == INCIDENT]
    assert first_tick == ["t0", "other"]


def test_the_larger_priority_goes_first() -> None:
    tasks = [Task("low", work), Task("high", work, priority=9), Task("middle", work, priority=5)]
    machine = run(*tasks, settings=Settings(parallelism=1))
    assert started(machine) == ["high", "middle", "low"]


def test_among_equals_the_older_run_goes_first() -> None:
    dag = DAG("shop", (Task("load", work),))
    machine = Orchestrator([dag], settings=Settings(parallelism=1))
    for days in (0, -2, -1):
        machine.trigger("shop", INCIDENT + timedelta(days=days))
    machine.run_until_idle()
    days = [event.run_id[8:18] for event in machine.store.events("started")]
    assert days == ["2026-03-12", "2026-03-13", "2026-03-14"]


def test_parallelism_counts_what_is_queued_and_what_runs() -> None:
    tasks = [Task(f"t{n}", long_work) for n in range(6)]
    machine = run(*tasks, settings=Settings(parallelism=3, workers=1))
    assert most_at_once(machine) == 3
    at_the_start = [event for event in machine.store.events("state") if event.at == INCIDENT]
    assert [event.detail["to"] for event in at_the_start].count("queued") == 3


def test_parallelism_holds_for_each_scheduler() -> None:
    tasks = [Task(f"t{n}", long_work) for n in range(9)]
    machine = run(*tasks, settings=Settings(parallelism=2, schedulers=2))
    assert most_at_once(machine) > 2


def test_max_active_tasks_limits_each_run_not_the_dag() -> None:
    tasks = tuple(Task(f"t{n}", long_work) for n in range(4))
    machine = Orchestrator([DAG("shop", tasks, max_active_tasks=2)], settings=Settings(workers=9))
    machine.trigger("shop", INCIDENT)
    machine.trigger("shop", INCIDENT + HOUR)
    machine.run_until_idle()
    runs = {run.run_id for run in machine.store.runs()}
    assert [most_at_once(machine, lambda e, r=r: e.run_id == r) for r in runs] == [2, 2]
    assert most_at_once(machine) == 4


def test_max_active_runs_keeps_later_runs_queued() -> None:
    dag = DAG("shop", (Task("load", work),), max_active_runs=2)
    machine = Orchestrator([dag])
    for hours in range(5):
        machine.trigger("shop", INCIDENT + hours * HOUR)
    machine.tick()
    assert Counter(run.state for run in machine.store.runs()) == {"running": 2, "queued": 3}
    machine.run_until_idle()
    assert {run.state for run in machine.store.runs()} == {RunState.SUCCESS}


def test_a_task_that_waits_can_say_for_which_limit() -> None:
    blocked = [Task(f"t{n}", long_work) for n in range(3)]
    for settings, options, limit in [
        (Settings(parallelism=1), {}, "parallelism"),
        (Settings(pools={"default": 1}), {}, "pool default"),
        (Settings(), {"max_active_tasks": 1}, "max_active_tasks"),
    ]:
        machine = Orchestrator([DAG("shop", tuple(blocked), **options)], settings=settings)
        machine.trigger("shop", INCIDENT)
        machine.tick()
        assert machine.waiting() == [
            "t0 is running",
            f"t1 is scheduled ({limit} full)",
            f"t2 is scheduled ({limit} full)",
        ]


def test_with_every_worker_busy_a_task_waits_in_the_queue() -> None:
    tasks = [Task(f"t{n}", long_work) for n in range(2)]
    machine = Orchestrator([DAG("shop", tuple(tasks))], settings=Settings(workers=1))
    machine.trigger("shop", INCIDENT)
    machine.tick()
    assert machine.waiting() == ["t0 is running", "t1 is queued"]


def test_a_pool_nobody_has_made_is_refused() -> None:
    with pytest.raises(ValueError, match="task 'load' names unknown pool 'wharehouse'"):
        Orchestrator([DAG("shop", (Task("load", work, pool="wharehouse"),))])


# --- sensors


def landed(ctx: TaskContext) -> bool:
    return ctx.warehouse.has_landed("orders")


def land(ctx: TaskContext) -> Iterator[str]:
    yield "writing"
    tx = ctx.warehouse.begin()
    tx.execute("insert into landed values ('orders')")
    tx.commit()


def stall(mode: SensorMode) -> Orchestrator:
    """A pool of one slot, in which a sensor waits for a task of the same pool."""
    pool = {"pool": "warehouse"}
    return run(
        sensor("wait", landed, mode, priority=9, **pool),
        Task("land", land, **pool),
        settings=Settings(pools={"warehouse": 1}),
    )


def test_a_poking_sensor_holds_its_slot_and_waits_for_ever_for_a_task_that_needs_it() -> None:
    with pytest.raises(Stalled, match=r"500 ticks: wait is running, land is scheduled \(pool ware"):
        stall(SensorMode.POKE)


def test_a_deferred_sensor_gives_its_slot_back() -> None:
    machine = stall(SensorMode.DEFERRED)
    assert states(machine) == {"wait": S.SUCCESS, "land": S.SUCCESS}


def test_a_deferred_sensor_goes_on_as_the_same_attempt() -> None:
    machine = stall(SensorMode.DEFERRED)
    attempts = [e.attempt for e in machine.store.events("started") if e.task_id == "wait"]
    assert attempts == [1, 1]


def test_a_sensor_whose_condition_is_true_does_not_wait() -> None:
    for mode in SensorMode:
        machine = run(sensor("wait", lambda ctx: True, mode))
        assert started(machine) == ["wait"]


def test_a_deferral_without_a_condition_lasts_one_loop() -> None:
    looks = []

    def look_twice(ctx: TaskContext) -> Iterator[str]:
        looks.append(ctx.attempt)
        yield "look"
        if len(looks) < 2:
            raise Defer

    assert states(run(Task("look", look_twice))) == {"look": S.SUCCESS}
    assert looks == [1, 1]


# --- schedules


def scheduled(days_down: int, **options: object) -> list[str]:
    """A machine that was down for some days and then ticks a few times."""
    machine = Orchestrator([DAG("shop", (Task("load", work),), daily(3), **options)])
    machine.run_until(INCIDENT + HOUR)
    machine.clock.advance(days_down * 86_400)
    machine.run_until(machine.clock.time + HOUR)
    return [f"{run.logical_date:%d}" for run in machine.store.runs()]


def test_with_catch_up_every_missed_run_is_made() -> None:
    assert scheduled(3, catchup=True) == ["14", "15", "16", "17"]


def test_without_catch_up_only_the_latest_missed_run_is_made() -> None:
    assert scheduled(3, catchup=False) == ["14", "17"]


def test_catch_up_begins_at_the_start_of_the_dag() -> None:
    start = INCIDENT - timedelta(days=2)
    assert scheduled(0, catchup=True, start=start) == ["12", "13", "14"]
    assert scheduled(0, catchup=False, start=start) == ["14"]


def test_catch_up_makes_one_run_of_a_dag_in_a_loop() -> None:
    start = INCIDENT - timedelta(days=2)
    dag = DAG("shop", (Task("load", work),), daily(3), start=start, catchup=True)
    machine = Orchestrator([dag])
    machine.tick()
    assert len(machine.store.runs()) == 1
    machine.tick()
    assert len(machine.store.runs()) == 2


def test_a_run_made_by_hand_for_a_scheduled_time_is_not_made_again() -> None:
    dag = DAG("shop", (Task("load", work),), Every(3600), catchup=True)
    machine = Orchestrator([dag])
    machine.trigger("shop", INCIDENT)
    machine.run_until(INCIDENT + 2 * HOUR)
    assert [run.kind for run in machine.store.runs()] == ["manual", "scheduled"]


def test_running_until_a_time_jumps_over_the_hours_without_work_but_not_over_runs() -> None:
    machine = Orchestrator([DAG("shop", (Task("load", work),), daily(3))])
    machine.run_until(INCIDENT + timedelta(days=30))
    assert len(machine.store.runs()) == 30
    assert machine.clock.time == INCIDENT + timedelta(days=30)
    starts = [event.at for event in machine.store.events("started")]
    assert {f"{start:%H:%M:%S}" for start in starts} == {"03:00:00"}


def test_the_day_of_a_run_is_read_in_the_time_zone_of_its_schedule() -> None:
    days = []

    def note(ctx: TaskContext) -> Iterator[str]:
        days.append(ctx.day)
        yield "noted"

    berlin = daily(0, 30, "Europe/Berlin", DAILY_DST["airflow"])
    machine = Orchestrator([DAG("shop", (Task("note", note),), berlin)])
    machine.run_until(datetime(2026, 3, 15, 12, tzinfo=UTC))
    assert days == ["2026-03-15"], "23:30 UTC on the 14th"


def test_the_clock_of_the_worker_changes_between_attempts_the_logical_date_does_not() -> None:
    seen = []

    def look(ctx: TaskContext) -> Iterator[str]:
        seen.append((ctx.day, ctx.now() - INCIDENT))
        yield "seen"
        raise ValueError

    one_day = RetryPolicy(retries=1, delay=86_400)
    run(Task("look", look, retry=one_day), settings=Settings(tick_seconds=3600))
    assert [day for day, _ in seen] == ["2026-03-14"] * 2
    assert seen[1][1] - seen[0][1] >= timedelta(days=1)


# --- heartbeats


def test_an_attempt_is_given_up_only_after_more_than_the_timeout() -> None:
    mute = Fault(FaultKind.LOSE_HEARTBEAT, "load", at="working", seconds=600)
    for timeout, given_up in [(19, 1), (20, 0)]:
        machine = run(
            Task("load", long_work), faults=[mute], settings=Settings(heartbeat_timeout=timeout)
        )
        assert len(machine.store.events("heartbeat_timeout")) == given_up


def test_a_scheduler_whose_clock_is_ahead_gives_up_the_living() -> None:
    ahead = Fault(FaultKind.CLOCK_SKEW, node="scheduler", seconds=60)
    machine = run(Task("load", work), faults=[ahead])
    assert machine.store.events("heartbeat_timeout")


# --- two schedulers


def test_of_two_schedulers_that_chose_the_same_task_one_starts_it() -> None:
    machine = run(Task("load", work), settings=Settings(schedulers=2))
    assert started(machine) == ["load"]
    [refused] = machine.store.events("refused")
    assert refused.detail["to"] == "queued"


def test_without_compare_and_set_both_start_it() -> None:
    machine = run(Task("load", work), settings=Settings(schedulers=2, compare_and_set=False))
    assert started(machine) == ["load", "load"]


def test_two_schedulers_make_each_scheduled_run_once() -> None:
    dag = DAG("shop", (Task("load", work),), Every(3600), catchup=True)
    machine = Orchestrator([dag], settings=Settings(schedulers=2))
    machine.run_until(INCIDENT + 3 * HOUR)
    assert len(machine.store.runs()) == 3


def test_each_scheduler_reads_its_own_clock() -> None:
    ahead = Fault(FaultKind.CLOCK_SKEW, node="scheduler-2", seconds=60)
    for schedulers, given_up in [(1, 0), (2, 1)]:
        machine = run(Task("load", work), faults=[ahead], settings=Settings(schedulers=schedulers))
        assert len(machine.store.events("heartbeat_timeout")) == given_up


def test_each_scheduler_has_workers_of_its_own() -> None:
    machine = Orchestrator([], settings=Settings(schedulers=2, workers=2))
    workers = [list(s.executor.workers) for s in machine.schedulers]  # type: ignore[attr-defined]
    assert workers == [["w1", "w2"], ["w3", "w4"]]


# --- the machine


def test_the_number_of_ticks_that_a_run_needs_is_just_enough() -> None:
    def machine() -> Orchestrator:
        machine = Orchestrator([DAG("shop", (Task("load", work),))])
        machine.trigger("shop", INCIDENT)
        return machine

    needed = machine().run_until_idle()
    assert machine().run_until_idle(max_ticks=needed) == needed
    with pytest.raises(Stalled):
        machine().run_until_idle(max_ticks=needed - 1)


def test_one_tick_is_one_step_of_time() -> None:
    machine = Orchestrator([], settings=Settings(tick_seconds=7))
    machine.tick(times=3)
    assert machine.clock.time - INCIDENT == timedelta(seconds=21)


def test_a_machine_is_not_idle_while_a_zombie_lives() -> None:
    """The run ends with its second attempt; the first still has to write."""
    mute = Fault(FaultKind.LOSE_HEARTBEAT, "load", at="working", seconds=600)
    slow = Fault(FaultKind.SLOW, "load", at="working", seconds=300)
    machine = run(Task("load", long_work, retry=RetryPolicy(retries=1)), faults=[mute, slow])
    [end] = machine.store.events("run_success")
    assert machine.store.events("reported")[-1].seq > end.seq


def test_a_machine_that_never_gets_idle_says_what_it_waits_for() -> None:
    endless = Fault(FaultKind.SLOW, "load", at="working", seconds=10**6)
    mute = Fault(FaultKind.LOSE_HEARTBEAT, "load", at="working", seconds=10**6)
    with pytest.raises(Stalled, match="after 500 ticks: load is running"):
        run(Task("load", long_work), faults=[endless])
    with pytest.raises(Stalled, match="an attempt that was given up is still alive"):
        run(Task("load", long_work), faults=[endless, mute])
    with pytest.raises(Stalled, match="load is up_for_retry"):
        run(Task("load", broken, retry=RetryPolicy(retries=1, delay=10**6)))


def test_a_machine_that_has_lost_its_metadata_does_again_what_the_warehouse_still_has() -> None:
    def day_after_day(**params: str) -> Orchestrator:
        dag = DAG("shop", (Task("load", load, params=params),))
        before = Orchestrator([dag])
        before.trigger("shop", INCIDENT)
        before.run_until_idle()
        after = Orchestrator([dag], clock=before.clock, warehouse=before.warehouse)
        after.trigger("shop", INCIDENT)
        after.run_until_idle()
        return after

    assert day_after_day(write="append").warehouse.total() == 2000
    assert day_after_day(write="overwrite").warehouse.total() == 1000


def test_the_inline_executor_runs_a_chain_one_task_per_tick() -> None:
    dag = DAG("shop", (Task("a", long_work), Task("b", long_work, ("a",))))
    machine = Orchestrator([dag], executor=InlineExecutor)
    machine.trigger("shop", INCIDENT)
    assert machine.run_until_idle() == 3  # a, b, and the look that ends the run


def test_the_inline_executor_refuses_to_wait_for_ever() -> None:
    dag = DAG("shop", (sensor("wait", lambda ctx: False),))
    machine = Orchestrator([dag], executor=InlineExecutor)
    machine.trigger("shop", INCIDENT)
    with pytest.raises(RuntimeError, match="passed 1000 points"):
        machine.tick()


def test_a_machine_can_start_at_another_time() -> None:
    clock = FakeClock(datetime(2026, 11, 1, tzinfo=UTC))
    machine = Orchestrator([], clock=clock)
    machine.tick()
    assert clock.time == datetime(2026, 11, 1, 0, 0, 5, tzinfo=UTC)
