from itertools import product

import pytest

from miniorch import TRANSITIONS, RunState, TaskState, TriggerRule, outcome, verdict
from miniorch.rules import TERMINAL

S, R = TaskState, TriggerRule
ENDS = sorted(TERMINAL)
WAITING = S.RUNNING
BAD = {S.FAILED, S.UPSTREAM_FAILED}


def expected(rule: TriggerRule, ends: tuple[TaskState, ...]) -> TaskState:
    """What becomes of a task when all upstream tasks have ended: the rules in another form."""
    seen = set(ends)
    match rule:
        case R.ALWAYS | R.ALL_DONE:
            return S.SCHEDULED
        case R.ALL_SUCCESS if seen & BAD:
            return S.UPSTREAM_FAILED
        case R.ALL_SUCCESS | R.NONE_SKIPPED | R.ALL_DONE_MIN_ONE_SUCCESS if S.SKIPPED in seen:
            return S.SKIPPED
        case R.ALL_DONE_MIN_ONE_SUCCESS:
            return S.SCHEDULED if S.SUCCESS in seen else S.UPSTREAM_FAILED
        case R.ALL_SUCCESS | R.NONE_SKIPPED:
            return S.SCHEDULED
        case R.ALL_FAILED:
            return S.SCHEDULED if seen <= BAD else S.SKIPPED
        case R.ALL_SKIPPED:
            return S.SCHEDULED if seen == {S.SKIPPED} else S.SKIPPED
        case R.ONE_FAILED:
            return S.SCHEDULED if seen & BAD else S.SKIPPED
        case R.ONE_DONE:
            return S.SCHEDULED if seen & {S.SUCCESS, S.FAILED} else S.SKIPPED
        case R.ONE_SUCCESS if S.SUCCESS in seen:
            return S.SCHEDULED
        case R.ONE_SUCCESS:
            return S.UPSTREAM_FAILED if seen & BAD else S.SKIPPED
        case R.NONE_FAILED | R.NONE_FAILED_MIN_ONE_SUCCESS if seen & BAD:
            return S.UPSTREAM_FAILED
        case R.NONE_FAILED_MIN_ONE_SUCCESS if seen == {S.SKIPPED}:
            return S.SKIPPED
    return S.SCHEDULED


@pytest.mark.parametrize("rule", R)
@pytest.mark.parametrize("upstream", [1, 2, 3])
def test_when_all_upstream_tasks_have_ended_every_rule_decides_as_documented(
    rule: TriggerRule, upstream: int
) -> None:
    for ends in product(ENDS, repeat=upstream):
        assert verdict(rule, ends) == expected(rule, ends), ends


@pytest.mark.parametrize("rule", R)
def test_a_task_without_upstream_runs_under_every_rule(rule: TriggerRule) -> None:
    assert verdict(rule, ()) is S.SCHEDULED


@pytest.mark.parametrize("rule", R)
def test_a_rule_that_decides_early_does_not_regret_it(rule: TriggerRule) -> None:
    """The known exception: all_success may see a skip before the failure that would outrank it."""
    for end, later in product(ENDS, repeat=2):
        early = verdict(rule, (end, WAITING))
        final = verdict(rule, (end, later))
        if (rule, early, final) == (R.ALL_SUCCESS, S.SKIPPED, S.UPSTREAM_FAILED):
            continue
        assert early in (None, final), (end, later)


@pytest.mark.parametrize(
    ("rule", "first", "early"),
    [
        (R.ALL_SUCCESS, S.SUCCESS, None),
        (R.ALL_SUCCESS, S.FAILED, S.UPSTREAM_FAILED),
        (R.ALL_SUCCESS, S.SKIPPED, S.SKIPPED),
        (R.ALL_FAILED, S.FAILED, None),
        (R.ALL_FAILED, S.SUCCESS, S.SKIPPED),
        (R.ALL_DONE, S.FAILED, None),
        (R.ONE_FAILED, S.FAILED, S.SCHEDULED),
        (R.ONE_FAILED, S.SUCCESS, None),
        (R.ONE_SUCCESS, S.SUCCESS, S.SCHEDULED),
        (R.ONE_SUCCESS, S.FAILED, None),
        (R.ONE_SUCCESS, S.SKIPPED, None),
        (R.ONE_DONE, S.SKIPPED, None),
        (R.ONE_DONE, S.SUCCESS, S.SCHEDULED),
        (R.NONE_FAILED, S.SKIPPED, None),
        (R.NONE_FAILED, S.FAILED, S.UPSTREAM_FAILED),
        (R.NONE_FAILED_MIN_ONE_SUCCESS, S.SUCCESS, None),
        (R.NONE_FAILED_MIN_ONE_SUCCESS, S.FAILED, S.UPSTREAM_FAILED),
        (R.NONE_SKIPPED, S.FAILED, None),
        (R.NONE_SKIPPED, S.SKIPPED, S.SKIPPED),
        (R.ALL_SKIPPED, S.SKIPPED, None),
        (R.ALL_SKIPPED, S.FAILED, S.SKIPPED),
        (R.ALL_DONE_MIN_ONE_SUCCESS, S.SUCCESS, None),
        (R.ALL_DONE_MIN_ONE_SUCCESS, S.SKIPPED, S.SKIPPED),
        (R.ALWAYS, S.FAILED, S.SCHEDULED),
    ],
)
def test_with_one_upstream_task_still_running(
    rule: TriggerRule, first: TaskState, early: TaskState | None
) -> None:
    assert verdict(rule, (first, WAITING)) == early


def test_a_run_fails_only_by_its_leaves() -> None:
    """`extract` failed, `notify` (all_done) is the only leaf: the run is a success."""
    assert outcome([S.FAILED, S.SUCCESS], [S.SUCCESS]) is RunState.SUCCESS


@pytest.mark.parametrize("leaf", ENDS)
def test_a_failed_or_upstream_failed_leaf_fails_the_run_a_skipped_one_does_not(
    leaf: TaskState,
) -> None:
    failed = leaf in (S.FAILED, S.UPSTREAM_FAILED)
    assert outcome([S.SUCCESS, leaf], [leaf]) == (RunState.FAILED if failed else RunState.SUCCESS)


@pytest.mark.parametrize("unfinished", sorted(set(S) - TERMINAL))
def test_a_run_has_no_end_while_a_task_has_none(unfinished: TaskState) -> None:
    assert outcome([S.FAILED, unfinished], [S.FAILED]) is None


def test_an_end_is_left_only_by_clearing() -> None:
    for state in TERMINAL:
        assert TRANSITIONS[state] == {S.NONE}


def test_every_state_can_be_reached_and_can_reach_an_end() -> None:
    def reach(state: TaskState, seen: frozenset[TaskState] = frozenset()) -> frozenset[TaskState]:
        return (
            seen
            if state in seen
            else frozenset().union(
                *(reach(after, seen | {state}) for after in TRANSITIONS[state]), seen, {state}
            )
        )

    assert reach(S.NONE) == set(S)
    assert all(reach(state) & TERMINAL for state in S)
