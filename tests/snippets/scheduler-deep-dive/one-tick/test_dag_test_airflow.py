from types import ModuleType

from testbed.airflow.installation import Installation


def test_bug_is_real(program: ModuleType, airflow: Installation) -> None:
    tested, _ = program.both(airflow)
    assert tested == {"success": 1}


def test_fix_holds(program: ModuleType, airflow: Installation) -> None:
    _, scheduled = program.both(airflow)
    assert scheduled == {"scheduled": 1}


def test_dag_test_has_no_scheduler(program: ModuleType, airflow: Installation) -> None:
    program.both(airflow)
    ((job, queued),) = airflow.rows(
        "select queued_by_job_id, queued_dttm from task_instance where run_id <> 'night'"
    )
    assert (job, queued) == (None, None)
