from types import ModuleType

from testbed.airflow.installation import Installation


def test_bug_is_real(program: ModuleType, airflow: Installation) -> None:
    per_run, _ = program.DAGS
    assert (per_run.max_active_tasks, per_run.max_active_runs) == (4, 3)
    _, tasks = program.one_tick(airflow, per_run)
    assert tasks == {"queued": 12, "scheduled": 18, "none": 20}


def test_fix_holds(program: ModuleType, airflow: Installation) -> None:
    _, pooled = program.DAGS
    _, tasks = program.one_tick(airflow, pooled)
    assert tasks == {"queued": 4, "scheduled": 26, "none": 20}


def test_three_of_five_runs_start(program: ModuleType, airflow: Installation) -> None:
    runs, _ = program.one_tick(airflow, program.DAGS[0])
    assert runs == {"running": 3, "queued": 2}


def test_another_tick_queues_no_more(program: ModuleType, airflow: Installation) -> None:
    program.one_tick(airflow, program.DAGS[0])
    assert airflow.scheduler().tick() == 0
    assert program.count(airflow, "task_instance")["queued"] == 12


def test_a_task_that_ends_makes_room(program: ModuleType, airflow: Installation) -> None:
    program.one_tick(airflow, program.DAGS[1])
    scheduler = airflow.scheduler()
    airflow.create_pool("warehouse", slots=5)
    assert scheduler.tick() == 1
    scheduler.executor.run_tasks(lambda key: None)
    assert scheduler.tick() == 1
