"""Each fault does what its name says, and the warehouse holds what the chapter says."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from miniorch import Fault, FaultKind, Orchestrator, RunState, TaskContext, TaskState, play
from tests.packages.miniorch.scenes import LATE, SCENES, SKEW, TWIN, Scenario, fault, loading

POINTS = ["started", "read", "half", "written", "committed"]


def states(machine: Orchestrator) -> list[TaskState]:
    return [ti.state for ti in machine.store.task_instances()]


def total(scenario: Scenario) -> Decimal:
    return play(scenario).warehouse.total()


@pytest.mark.parametrize(("scenario", "euro"), SCENES.values(), ids=list(SCENES))
def test_the_tour_is_true(scenario: Scenario, euro: int) -> None:
    assert total(scenario) == euro


def test_without_faults_the_day_is_loaded_once() -> None:
    machine = play(loading())
    assert machine.warehouse.total() == 1000
    assert len(machine.store.events("started")) == 1


# What every crash leaves behind, with one retry or none: (point, without retry, with retry).
IDEMPOTENT = [(point, 1000 if point == "committed" else 0, 1000) for point in POINTS]
CRASHES = {
    ("append", True): [(p, once, once + 1000) for p, once, _ in IDEMPOTENT],
    ("append", False): [
        ("started", 0, 1000),
        ("read", 0, 1000),
        ("half", 500, 1500),
        ("written", 500, 1500),
        ("committed", 1000, 2000),
    ],
    ("overwrite", True): IDEMPOTENT,
    ("upsert", True): IDEMPOTENT,
    ("overwrite", False): [
        ("started", 0, 1000),
        ("read", 0, 1000),
        ("half", 500, 1000),
        ("written", 500, 1000),
        ("committed", 1000, 1000),
    ],
}
CRASHES["upsert", False] = CRASHES["overwrite", False]


@pytest.mark.parametrize("kind", ["crash", "kill_worker"])
@pytest.mark.parametrize(
    ("write", "transaction", "at", "without_retry", "with_retry"),
    [(*how, *case) for how, cases in CRASHES.items() for case in cases],
)
def test_what_a_crash_leaves_behind(
    kind: str, write: str, transaction: bool, at: str, without_retry: int, with_retry: int
) -> None:
    how = {"write": write, "transaction": transaction}
    assert total(loading(fault(kind, at), retries=0, **how)) == without_retry
    assert total(loading(fault(kind, at), retries=1, **how)) == with_retry


@pytest.mark.parametrize("write", ["overwrite", "upsert"])
@pytest.mark.parametrize("transaction", [True, False])
@pytest.mark.parametrize("first", POINTS)
@pytest.mark.parametrize("second", POINTS)
def test_an_idempotent_load_is_exact_wherever_its_first_two_attempts_crash(
    write: str, transaction: bool, first: str, second: str
) -> None:
    crashes = [fault("crash", first), fault("crash", second, attempt=2)]
    assert total(loading(*crashes, retries=2, write=write, transaction=transaction)) == 1000


@pytest.mark.parametrize("first", POINTS)
@pytest.mark.parametrize("second", POINTS)
def test_an_append_counts_every_attempt_that_got_as_far_as_its_commit(
    first: str, second: str | None
) -> None:
    crashes = [fault("crash", first), fault("crash", second, attempt=2)]
    landed = 1 + [first, second].count("committed")
    assert total(loading(*crashes, retries=2)) == 1000 * landed


@pytest.mark.parametrize(
    ("kind", "mark"),
    [
        ("crash", "crashed"),
        ("kill_worker", "worker_killed"),
        ("lose_heartbeat", "heartbeat_lost"),
        ("slow", "slowed"),
    ],
)
def test_a_fault_that_strikes_leaves_its_mark_in_the_log(kind: str, mark: str) -> None:
    [event] = play(loading(fault(kind, "half", seconds=20))).store.events(mark)
    assert (event.task_id, event.attempt, event.worker) == ("load", 1, "w1")


def test_a_crash_is_reported_at_once_and_the_worker_lives_on() -> None:
    machine = play(loading(fault("crash", "half")))
    assert machine.store.events("heartbeat_timeout") == []
    assert {event.worker for event in machine.store.events("started")} == {"w1"}


def test_a_crash_runs_no_cleanup_code() -> None:
    from miniorch import DAG, INCIDENT, Orchestrator, Task

    cleaned = []

    def tidy(ctx: TaskContext) -> Iterator[str]:
        try:
            yield "open"
            yield "never"
        finally:
            cleaned.append("closed")

    crash = Fault(FaultKind.CRASH, "tidy", at="open")
    machine = Orchestrator([DAG("shop", (Task("tidy", tidy),))], [crash])
    machine.trigger("shop", INCIDENT)
    machine.run_until_idle()
    assert cleaned == []


def test_a_killed_worker_is_missed_only_after_the_heartbeat_timeout_and_stays_away() -> None:
    machine = play(loading(fault("kill_worker", "half")))
    [timeout] = machine.store.events("heartbeat_timeout")
    assert timeout.detail == {"silent": "35 s"}
    assert [event.worker for event in machine.store.events("started")] == ["w1", "w2"]
    assert machine.store.events("worker_back") == []


def test_a_killed_worker_comes_back_if_the_fault_says_when() -> None:
    one_worker = {"workers": 1}
    machine = play(loading(fault("kill_worker", "half", seconds=60), settings=one_worker))
    killed, back = machine.store.events("worker_killed", "worker_back")
    assert (back.at - killed.at).total_seconds() == 60
    assert machine.warehouse.total() == 1000


def test_a_lost_heartbeat_leaves_two_attempts_alive_and_both_write() -> None:
    machine = play(loading(TWIN, work=8))
    assert machine.warehouse.total() == 2000
    assert states(machine) == [TaskState.SUCCESS]
    [refused] = machine.store.events("refused")
    assert (refused.attempt, refused.detail["found"]) == (1, "running #2")


@pytest.mark.parametrize(("seconds", "timeouts"), [(30, 0), (31, 1)])
def test_a_heartbeat_that_comes_back_in_time_is_harmless(seconds: int, timeouts: int) -> None:
    """Last heard at 0 s, lost at 5 s; the next tick after 35 s would be too late."""
    machine = play(loading(fault("lose_heartbeat", "read", seconds=seconds), work=8))
    assert len(machine.store.events("heartbeat_timeout")) == timeouts
    assert machine.warehouse.total() == 1000 * (1 + timeouts)


def test_a_fence_checked_only_at_the_commit_does_not_stop_the_twin_that_writes_first() -> None:
    assert total(loading(TWIN, work=8, fence="commit")) == 2000


def test_a_fence_claimed_at_the_start_does() -> None:
    machine = play(loading(TWIN, work=8, fence="start"))
    assert machine.warehouse.total() == 1000
    fenced = [e for e in machine.store.events("reported") if "Fenced" in e.detail.get("error", "")]
    assert [event.attempt for event in fenced] == [1]


def test_a_fence_checked_at_the_commit_does_stop_a_twin_that_writes_last() -> None:
    slow_twin = fault("slow", "half", seconds=120)
    mute_twin = fault("lose_heartbeat", "read", seconds=600)
    assert total(loading(mute_twin, slow_twin, work=8)) == 2000
    assert total(loading(mute_twin, slow_twin, work=8, fence="commit")) == 1000


def test_an_overwrite_in_two_commits_is_torn_by_a_twin_in_one_it_is_not() -> None:
    """The old attempt deletes and writes half, the new one the whole, then the old one its rest."""
    mute, slow = fault("lose_heartbeat", "read", seconds=600), fault("slow", "half", seconds=120)
    assert total(loading(mute, slow, write="overwrite", transaction=False)) == 1500
    assert total(loading(mute, slow, write="overwrite", transaction=True)) == 1000
    assert total(loading(mute, slow, write="upsert", transaction=False)) == 1000


@pytest.mark.parametrize("silent_at", ["started", "read", "half", "written", "committed"])
@pytest.mark.parametrize("work", range(0, 12, 2))
@pytest.mark.parametrize("slow_for", [0, 30, 90])
def test_a_claim_at_the_start_is_exact_wherever_the_heartbeat_stops(
    silent_at: str, work: int, slow_for: int
) -> None:
    """Unless the old attempt wrote before the new one began: then only idempotence helps."""
    mute = fault("lose_heartbeat", silent_at, seconds=600)
    slow = [fault("slow", silent_at, seconds=slow_for)] if slow_for else []
    machine = play(loading(mute, *slow, work=work, fence="start"))
    wrote = machine.store.events("warehouse")
    starts = machine.store.events("started")
    before = [w for w in wrote if w.attempt == 1 and len(starts) > 1 and w.seq < starts[1].seq]
    assert machine.warehouse.total() == 1000 * (1 + len(before))
    mute_and_idempotent = loading(mute, *slow, work=work, fence="start", write="overwrite")
    assert total(mute_and_idempotent) == 1000


def test_a_second_delivery_is_refused_by_a_worker_that_asks_first() -> None:
    machine = play(loading(fault("duplicate_delivery")))
    assert machine.warehouse.total() == 1000
    [refused] = machine.store.events("refused")
    assert refused.detail == {"believed": "queued", "to": "running", "found": "running #1"}


def test_a_fence_does_not_stop_a_duplicate_for_both_bodies_hold_the_same_token() -> None:
    blind = {"compare_and_set": False}
    twice = fault("duplicate_delivery")
    assert total(loading(twice, settings=blind, fence="start")) == 2000
    assert total(loading(twice, settings=blind, write="upsert")) == 1000


def test_a_slow_attempt_is_late_by_its_seconds_and_not_given_up() -> None:
    on_time, late = play(loading()), play(loading(fault("slow", "read", seconds=60)))
    delay = late.store.events("run_success")[0].at - on_time.store.events("run_success")[0].at
    assert delay.total_seconds() == 55, "five of the sixty seconds would have passed anyway"
    assert late.store.events("heartbeat_timeout") == []


def test_a_worker_whose_clock_is_behind_by_less_than_the_timeout_is_believed() -> None:
    slightly = {**SKEW, "seconds": -30}
    machine = play(loading(slightly, settings={"heartbeat_timeout": 30}))
    assert machine.store.events("heartbeat_timeout") == []


def test_late_rows_are_there_for_a_run_that_waits() -> None:
    scenario = loading(LATE)
    wait = {"id": "wait", "condition": "all_rows_arrived"}
    [load] = scenario["dags"][0]["tasks"]
    scenario["dags"][0]["tasks"] = [wait, {**load, "upstream": ["wait"]}]
    assert total(loading(LATE)) == 700
    assert total(scenario) == 1000


def test_a_fault_can_be_meant_for_one_run_of_many() -> None:
    scenario = loading(
        fault("crash", "half", run_id="manual__2026-03-13T00:00:00+00:00"), retries=0
    )
    trigger, run = scenario["actions"]
    scenario["actions"] = [trigger, {**trigger, "logical_date": "2026-03-13"}, run]
    machine = play(scenario)
    assert [run.state for run in machine.store.runs()] == [RunState.FAILED, RunState.SUCCESS]


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("crash", "at, task"),
        ("kill_worker", "at, task"),
        ("lose_heartbeat", "at, seconds, task"),
        ("slow", "at, seconds, task"),
        ("duplicate_delivery", "task"),
        ("clock_skew", "node, seconds"),
        ("late_rows", "rows, seconds"),
    ],
)
def test_a_fault_that_could_never_strike_is_refused(kind: str, missing: str) -> None:
    with pytest.raises(ValueError, match=f"^a {kind} fault needs {missing}$"):
        Fault(FaultKind(kind))
