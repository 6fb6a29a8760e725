from types import ModuleType

from testbed.airflow.installation import Installation


def test_bug_is_real(program: ModuleType, airflow: Installation) -> None:
    program.leave_three_scheduled(airflow)
    assert program.claim_twice(airflow, program.CLAIMERS["no lock"]) == [3, 3]


def test_row_locks_share_the_tasks_out(program: ModuleType, airflow: Installation) -> None:
    program.leave_three_scheduled(airflow)
    assert program.claim_twice(airflow, program.CLAIMERS["skip locked"]) == [3, 0]


def test_fix_holds(program: ModuleType, airflow: Installation) -> None:
    seen = program.tick_inside_a_tick(airflow)
    assert (seen["A queued"], seen["B queued"], seen["B found it busy"]) == (4, 0, 1)


def test_the_loser_carries_on(program: ModuleType, airflow: Installation) -> None:
    seen = program.tick_inside_a_tick(airflow)
    assert (seen["B scheduled"], seen["B queued next"]) == (4, 4)


def test_every_task_is_queued_by_one_scheduler(program: ModuleType, airflow: Installation) -> None:
    program.tick_inside_a_tick(airflow)
    shares = (
        "select queued_by_job_id, count(*) from task_instance where state = 'queued' group by 1"
    )
    assert sorted(number for _, number in airflow.rows(shares)) == [4, 4]


def test_alone_nobody_finds_it_busy(program: ModuleType, airflow: Installation) -> None:
    airflow.create_run("nightly", None, "Friday")
    assert airflow.scheduler().tick() == 4
    assert airflow.metrics["scheduler.critical_section_busy"] == 0
