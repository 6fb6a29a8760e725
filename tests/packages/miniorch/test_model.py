import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniorch import DAG, InvalidDAG, RetryPolicy, Task, TaskContext


def work(ctx: TaskContext) -> Iterator[str]:
    yield "worked"


def dag(**upstream: tuple[str, ...]) -> DAG:
    return DAG("shop", tuple(Task(id, work, ups) for id, ups in upstream.items()))


def test_tasks_are_ordered_upstream_first() -> None:
    assert dag(report=("stage",), stage=("extract",), extract=()).order == (
        "extract",
        "stage",
        "report",
    )


def test_a_cycle_is_refused_and_its_tasks_are_named() -> None:
    with pytest.raises(InvalidDAG, match=r"^shop: cycle b -> c -> b$"):
        dag(a=(), b=("a", "c"), c=("b",), d=("c",))


def test_an_unknown_upstream_is_refused_and_named() -> None:
    with pytest.raises(InvalidDAG, match="shop: task 'load' names unknown upstream 'extrct'"):
        dag(extract=(), load=("extrct",))


def test_two_tasks_may_not_share_an_id() -> None:
    with pytest.raises(InvalidDAG, match="shop: two tasks are called 'load'"):
        DAG("shop", (Task("load", work), Task("load", work)))


def test_a_plain_function_is_no_task() -> None:
    with pytest.raises(InvalidDAG, match="task 'load': its function must yield"):
        Task("load", lambda ctx: None)  # type: ignore[arg-type,return-value]


def test_leaves_are_the_tasks_nothing_waits_for() -> None:
    assert dag(a=(), b=("a",), c=("a",)).leaves == {"b", "c"}


def test_downstream_is_everything_that_waits_however_far() -> None:
    shop = dag(a=(), b=("a",), c=("b",), d=("b", "c"), e=())
    assert shop.downstream_of("a") == {"b", "c", "d"}
    assert shop.downstream_of("d") == set()


def test_delays_grow_by_the_backoff_up_to_the_cap() -> None:
    policy = RetryPolicy(retries=4, delay=60, backoff=2, max_delay=300)
    assert [policy.delay_after(n, random.Random(0)) for n in (1, 2, 3, 4)] == [60, 120, 240, 300]


@given(st.integers(1, 8), st.floats(0, 1), st.integers())
def test_jitter_only_adds_at_most_its_share_and_never_passes_the_cap(
    failures: int, jitter: float, seed: int
) -> None:
    policy = RetryPolicy(delay=10, backoff=2, jitter=jitter, max_delay=500)
    delay = policy.delay_after(failures, random.Random(seed))
    base = 10 * 2 ** (failures - 1)
    assert min(base, 500) <= delay <= min(base * (1 + jitter), 500)


def test_jitter_spreads_what_would_come_together() -> None:
    policy = RetryPolicy(delay=10, jitter=1)
    assert len({policy.delay_after(1, random.Random(seed)) for seed in range(20)}) == 20


def test_only_the_named_errors_are_tried_again() -> None:
    policy = RetryPolicy(retries=1, retry_on=(ConnectionError,))
    assert policy.covers(ConnectionResetError())
    assert not policy.covers(PermissionError())
    assert policy.covers(None), "a process that vanished left no error to judge"


def test_what_is_not_said_is_harmless() -> None:
    """No retries, no delay, no catch-up, no priority."""
    policy = RetryPolicy()
    assert (policy.retries, policy.delay, policy.jitter) == (0, 0, 0)
    assert (policy.backoff, policy.max_delay) == (1, 86_400)
    assert Task("load", work).priority == 0
    assert not DAG("shop", ()).catchup
