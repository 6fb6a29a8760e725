from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miniorch import Fault, FaultKind

WINDOWS = ("read", "half", "written", "committed")
DRAWN = ["MERGE on uuid4()", "MERGE on sequence", "MERGE on order + now()"]


def left(program: ModuleType, name: str, faults: list[Fault]) -> int:
    return len(program.rows_left(program.WRITES[name], faults))


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("retries", [1, 2, 3])
def test_bug_is_real(program: ModuleType, name: str, retries: int) -> None:
    assert left(program, name, program.crashes("committed", retries)) == 10 + 10 * retries
    assert not program.safe_to_retry(program.WRITES[name])


@pytest.mark.parametrize("retries", [1, 2, 3])
@pytest.mark.parametrize("window", WINDOWS)
def test_fix_holds(program: ModuleType, window: str, retries: int) -> None:
    merge = program.WRITES["MERGE on order number"]
    clean = program.rows_left(merge, faults=[])
    assert len(clean) == 10
    assert program.rows_left(merge, program.crashes(window, retries)) == clean


def test_only_the_merge_on_the_natural_key_is_safe(program: ModuleType) -> None:
    safe = [name for name, write in program.WRITES.items() if program.safe_to_retry(write)]
    assert safe == ["MERGE on order number"]


def test_without_the_twin_the_crashes_find_all_but_the_look_first(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashes = [night for night in program.NIGHTS if night is not program.TWIN]
    monkeypatch.setattr(program, "NIGHTS", crashes)
    safe = [name for name, write in program.WRITES.items() if program.safe_to_retry(write)]
    assert safe == ["append if absent", "MERGE on order number"]


@pytest.mark.parametrize("retries", [1, 2, 3])
def test_append_fails_in_one_window_and_with_autocommit_in_three(
    program: ModuleType, retries: int
) -> None:
    for name, failing in (
        ("append", {"committed"}),
        ("append, autocommit", {"half", "written", "committed"}),
    ):
        nights = {window: program.crashes(window, retries) for window in WINDOWS}
        found = {window for window, night in nights.items() if left(program, name, night) != 10}
        assert found == failing


def test_looking_first_passes_every_crash_and_fails_beside_a_twin(program: ModuleType) -> None:
    for window in WINDOWS:
        assert left(program, "append if absent", program.crashes(window, 3)) == 10
    assert left(program, "append if absent", program.TWIN) == 20


def test_a_clean_run_leaves_ten_rows_whatever_the_write(program: ModuleType) -> None:
    assert {left(program, name, []) for name in program.WRITES} == {10}


fates = st.lists(st.sampled_from(WINDOWS), max_size=3)
stalls = st.none() | st.tuples(
    st.integers(1, 4), st.sampled_from(WINDOWS), st.integers(1, 120), st.integers(1, 120)
)


@settings(derandomize=True, deadline=None)
@given(fates, stalls)
def test_no_fate_of_its_attempts_changes_what_the_natural_key_leaves(
    program: ModuleType, deaths: list[str], stall: tuple[int, str, int, int] | None
) -> None:
    """Each attempt may die in another window, and one may stand still, unheard, for a while."""
    faults = [
        Fault(FaultKind.CRASH, task="load", attempt=n, at=window)
        for n, window in enumerate(deaths, start=1)
    ]
    if stall:
        attempt, window, mute, slow = stall
        at = {"task": "load", "attempt": attempt, "at": window}
        faults.append(Fault(FaultKind.LOSE_HEARTBEAT, seconds=mute, **at))
        faults.append(Fault(FaultKind.SLOW, seconds=slow, **at))
    merge = program.WRITES["MERGE on order number"]
    assert program.rows_left(merge, faults) == program.rows_left(merge, faults=[])
