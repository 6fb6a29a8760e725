from types import ModuleType

import pytest


def night(program: ModuleType, name: str) -> tuple[float, float, bool, int]:
    """See a night of the program, with its configuration."""
    config, at_a_time, paused = program.NIGHTS[name]
    with program.installation(**program.options(config)) as airflow:
        return program.seen(airflow, at_a_time, paused=paused)


def test_bug_is_real(program: ModuleType) -> None:
    assert night(program, "ten runs") == (27, 54, False, 11)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("Dag paused", (5, 10, True, 0)),
        ("two runs", (5.4, 10.8, True, 0)),
        ("threshold 120", (27, 54, True, 0)),
    ],
)
def test_fix_holds(program: ModuleType, name: str, seen: tuple[float, float, bool, int]) -> None:
    assert night(program, name) == pytest.approx(seen)


def test_the_new_threshold_does_not_cover_turns_of_more_than_half_of_it(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "RUN", 6.1)
    turn, row, alive, reset = night(program, "threshold 120")
    assert (turn, row, alive, reset) == (61, 122, False, 11)


def test_an_executor_that_adopts_resets_nothing_and_the_page_comes_all_the_same(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from testbed.airflow.scheduler import Executor

    monkeypatch.setattr(Executor, "try_adopt_task_instances", lambda self, tasks: [])
    assert night(program, "ten runs") == (27, 54, False, 0)


def test_a_process_reads_the_threshold_once(program: ModuleType) -> None:
    from airflow.jobs.job import health_check_threshold

    health_check_threshold.cache_clear()
    seen = []
    for config in (program.BEFORE, program.AFTER):
        with program.installation(**program.options(config)):
            seen.append(health_check_threshold("SchedulerJob", 5))
    health_check_threshold.cache_clear()
    assert seen == [30, 30]
