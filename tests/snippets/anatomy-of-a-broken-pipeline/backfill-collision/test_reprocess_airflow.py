from types import ModuleType

from testbed.airflow.installation import Installation


def test_bug_is_real(program: ModuleType, airflow: Installation) -> None:
    night = program.Night(airflow, program.append)
    assert night.revenue() == "EUR 3000.00"
    night.backfill("completed")
    assert night.revenue() == "EUR 6000.00"


def test_fix_holds(program: ModuleType, airflow: Installation) -> None:
    night = program.Night(airflow, program.overwrite)
    night.backfill("completed")
    assert night.revenue() == "EUR 3000.00"


def test_the_same_runs_change_their_type(program: ModuleType, airflow: Installation) -> None:
    night = program.Night(airflow, program.append)
    before = night.runs()
    night.backfill("completed")
    assert [run[1:] for run in before] == [("scheduled", 0)] * 3
    assert night.runs() == [(run_id, "backfill", 1) for run_id, _, _ in before]


def test_none_leaves_what_already_exists(program: ModuleType, airflow: Installation) -> None:
    night = program.Night(airflow, program.append)
    before = night.runs()
    night.backfill("none")
    reasons = airflow.rows("select exception_reason, dag_run_id from backfill_dag_run")
    assert (night.runs(), night.revenue()) == (before, "EUR 3000.00")
    assert reasons == [("already exists", None)] * 3


def test_completed_leaves_a_run_in_flight(program: ModuleType, airflow: Installation) -> None:
    night = program.Night(airflow, program.append)
    airflow.rows("update dag_run set state = 'running' returning 1")
    night.airflow.backfill("nightly", program.FIRST, program.LAST, "completed")
    reasons = airflow.rows("select exception_reason from backfill_dag_run")
    assert reasons == [("in flight",)] * 3
