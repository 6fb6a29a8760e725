from types import ModuleType

import pytest

from tests.words import Words


def test_bug_is_real(program: ModuleType) -> None:
    assert program.night("ten runs") == (27, 54, False, 11)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("Dag paused", (5, 10, True, 0)),
        ("two runs", (5.4, 10.8, True, 0)),
        ("three a turn", (5.4, 10.8, True, 0)),
        ("threshold 120", (27, 54, True, 0)),
    ],
)
def test_fix_holds(program: ModuleType, name: str, seen: tuple[float, float, bool, int]) -> None:
    assert program.night(name) == pytest.approx(seen)


def test_the_new_threshold_does_not_cover_turns_of_more_than_half_of_it(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "RUN", 6.1)
    turn, row, alive, reset = program.night("threshold 120")
    assert (turn, row, alive, reset) == (61, 122, False, 11)


def test_an_executor_that_adopts_resets_nothing_and_the_page_comes_all_the_same(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from testbed.airflow.scheduler import Executor

    monkeypatch.setattr(Executor, "try_adopt_task_instances", lambda self, tasks: [])
    assert program.night("ten runs") == (27, 54, False, 0)


def test_a_process_reads_the_threshold_once(program: ModuleType) -> None:
    from airflow.jobs.job import health_check_threshold

    health_check_threshold.cache_clear()
    seen = []
    for config in (program.BEFORE, program.AFTER):
        with program.installation(**program.options(config)):
            seen.append(health_check_threshold("SchedulerJob", 5))
    health_check_threshold.cache_clear()
    assert seen == [30, 30]


def statuses(program: ModuleType, others: int) -> dict[str, int]:
    """Turn the loop at three runs a turn; count the started tasks of the backfill's ten runs."""
    with (
        program.installation(**program.options(program.THREE_A_TURN)) as airflow,
        program.restarted(),
    ):
        for other in range(others):
            airflow.create_run("nightly", None, f"night_{other}")
        airflow.backfill("history", program.FIRST, program.LAST, "none", 10)
        airflow.scheduler().loop(times=8)
        assert airflow.states("dag_run", "run_type = 'backfill'")["running"] == 10
        return airflow.states(
            "task_instance",
            "dag_id = 'history' and run_id in (select run_id from dag_run where state = 'running')",
        )


@pytest.mark.parametrize(("others", "started"), [(1, 2), (3, 0)])
def test_with_three_runs_a_turn_the_later_runs_of_a_backfill_wait(
    program: ModuleType, page: Words, others: int, started: int
) -> None:
    page.says("regular runs go first, so the later runs of the backfill wait")
    assert statuses(program, others) == {"none": 10 - started} | (
        {"queued": started} if started else {}
    )


def test_a_threshold_compares_two_clocks(program: ModuleType, page: Words) -> None:
    page.says("It compares two clocks")
    looks = []
    with program.installation(**program.options(program.AFTER)) as airflow, program.restarted():
        airflow.later(seconds=-200)  # the clock of the scheduler is behind
        scheduler = airflow.scheduler()
        for _ in range(3):
            scheduler.loop(lambda part: airflow.later(seconds=1))
            airflow.later(seconds=200)
            job = program.most_recent_job("SchedulerJob")
            looks.append((job.latest_heartbeat, job.is_alive()))
            airflow.later(seconds=-200)
    assert [alive for _, alive in looks] == [False] * 3
    assert len({heartbeat for heartbeat, _ in looks}) == 3  # it beats
