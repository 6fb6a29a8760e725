"""The rules as tables: which state may follow which, when a task may run, how a run ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class TaskState(StrEnum):
    """The states of a task instance."""

    NONE = "none"  # waits for its upstream tasks
    SCHEDULED = "scheduled"  # may run, waits for room under the limits
    QUEUED = "queued"  # handed to the executor, waits for a worker
    RUNNING = "running"
    DEFERRED = "deferred"  # waits for a condition, holds no slot
    UP_FOR_RETRY = "up_for_retry"
    SUCCESS = "success"
    FAILED = "failed"
    SKIPPED = "skipped"
    UPSTREAM_FAILED = "upstream_failed"


class RunState(StrEnum):
    """The states of a DAG run."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCESS = "success"
    FAILED = "failed"


S = TaskState
TERMINAL = frozenset({S.SUCCESS, S.FAILED, S.SKIPPED, S.UPSTREAM_FAILED})
FAILURES = frozenset({S.FAILED, S.UPSTREAM_FAILED})
OCCUPYING = frozenset({S.QUEUED, S.RUNNING})  # what counts against pools and limits

# Back to NONE is what `clear` does.
TRANSITIONS: dict[TaskState, frozenset[TaskState]] = {
    S.NONE: frozenset({S.SCHEDULED, S.SKIPPED, S.UPSTREAM_FAILED}),
    S.SCHEDULED: frozenset({S.QUEUED}),
    S.QUEUED: frozenset({S.RUNNING}),
    S.RUNNING: frozenset({S.SUCCESS, S.FAILED, S.SKIPPED, S.UP_FOR_RETRY, S.DEFERRED}),
    S.DEFERRED: frozenset({S.SCHEDULED}),
    S.UP_FOR_RETRY: frozenset({S.SCHEDULED}),
    S.SUCCESS: frozenset({S.NONE}),
    S.FAILED: frozenset({S.NONE}),
    S.SKIPPED: frozenset({S.NONE}),
    S.UPSTREAM_FAILED: frozenset({S.NONE}),
}


class TriggerRule(StrEnum):
    """What a task asks of its direct upstream tasks (Airflow's names and meanings)."""

    ALL_SUCCESS = "all_success"
    ALL_FAILED = "all_failed"
    ALL_DONE = "all_done"
    ALL_DONE_MIN_ONE_SUCCESS = "all_done_min_one_success"
    ALL_SKIPPED = "all_skipped"
    ONE_SUCCESS = "one_success"
    ONE_FAILED = "one_failed"
    ONE_DONE = "one_done"
    NONE_FAILED = "none_failed"
    NONE_FAILED_MIN_ONE_SUCCESS = "none_failed_min_one_success"
    NONE_SKIPPED = "none_skipped"
    ALWAYS = "always"


class Upstream:
    """The direct upstream tasks of one task, counted by state."""

    def __init__(self, states: Collection[TaskState]) -> None:
        """Count them; `bad` is failed or upstream_failed, `done` is any terminal state."""
        count = Counter(states)
        self.total = len(states)
        self.success, self.skipped = count[S.SUCCESS], count[S.SKIPPED]
        self.failed, self.bad = count[S.FAILED], count[S.FAILED] + count[S.UPSTREAM_FAILED]
        self.all_done = self.success + self.skipped + self.bad == self.total


Predicate = Callable[[Upstream], bool]


def _never(_: Upstream) -> bool:
    return False


@dataclass(frozen=True)
class Verdicts:
    """When a rule lets the task run; failing that, when it is settled without running."""

    run: Predicate
    fail: Predicate = _never
    skip: Predicate = _never


R = TriggerRule
RULES: dict[TriggerRule, Verdicts] = {
    R.ALL_SUCCESS: Verdicts(
        run=lambda up: up.success == up.total,
        fail=lambda up: up.bad > 0,
        skip=lambda up: up.skipped > 0,
    ),
    R.ALL_FAILED: Verdicts(
        run=lambda up: up.bad == up.total,
        skip=lambda up: up.success + up.skipped > 0,
    ),
    R.ALL_DONE: Verdicts(run=lambda up: up.all_done),
    R.ALL_DONE_MIN_ONE_SUCCESS: Verdicts(
        run=lambda up: up.all_done and up.success > 0 and up.skipped == 0,
        fail=lambda up: up.all_done and up.skipped == 0,
        skip=lambda up: up.skipped > 0,
    ),
    R.ALL_SKIPPED: Verdicts(
        run=lambda up: up.skipped == up.total,
        skip=lambda up: up.success + up.bad > 0,
    ),
    R.ONE_SUCCESS: Verdicts(
        run=lambda up: up.success > 0,
        fail=lambda up: up.all_done and up.bad > 0,
        skip=lambda up: up.all_done,
    ),
    R.ONE_FAILED: Verdicts(run=lambda up: up.bad > 0, skip=lambda up: up.all_done),
    R.ONE_DONE: Verdicts(
        run=lambda up: up.success + up.failed > 0,
        skip=lambda up: up.all_done,
    ),
    R.NONE_FAILED: Verdicts(
        run=lambda up: up.success + up.skipped == up.total,
        fail=lambda up: up.bad > 0,
    ),
    R.NONE_FAILED_MIN_ONE_SUCCESS: Verdicts(
        run=lambda up: up.success > 0 and up.success + up.skipped == up.total,
        fail=lambda up: up.bad > 0,
        skip=lambda up: up.skipped == up.total,
    ),
    R.NONE_SKIPPED: Verdicts(
        run=lambda up: up.all_done and up.skipped == 0,
        skip=lambda up: up.skipped > 0,
    ),
    R.ALWAYS: Verdicts(run=lambda up: True),
}


def verdict(rule: TriggerRule, upstream: Collection[TaskState]) -> TaskState | None:
    """SCHEDULED, UPSTREAM_FAILED or SKIPPED once the rule has decided; None while it waits."""
    if not upstream:
        return S.SCHEDULED
    rules, counted = RULES[rule], Upstream(upstream)
    if rules.run(counted):
        return S.SCHEDULED
    if rules.fail(counted):
        return S.UPSTREAM_FAILED
    return S.SKIPPED if rules.skip(counted) else None


def outcome(states: Iterable[TaskState], leaves: Collection[TaskState]) -> RunState | None:
    """How a run ends, or None while a task is unfinished. Only the leaves decide."""
    if not TERMINAL.issuperset(states):
        return None
    return RunState.FAILED if FAILURES.intersection(leaves) else RunState.SUCCESS
