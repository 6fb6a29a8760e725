from types import ModuleType

from testbed.airflow.installation import Installation


def test_bug_is_real(program: ModuleType, airflow: Installation) -> None:
    assert program.load_orders().operator.retries == 3
    assert program.outage(airflow)[-1] == (30, "failed", 1)


def test_fix_holds(program: ModuleType) -> None:
    with program.installation(**program.PATIENT) as airflow:
        history = program.outage(airflow)
    assert history == [(0, "queued", 1), (program.OUTAGE, "success", 1)]


def test_it_goes_back_twice_in_the_same_try(program: ModuleType, airflow: Installation) -> None:
    history = [(state, attempt) for _, state, attempt in program.outage(airflow)]
    requeued = [("queued", 1), ("scheduled", 1)] * 2
    assert history == [*requeued, ("queued", 1), ("failed", 1)]


def test_the_log_table_says_why(program: ModuleType, airflow: Installation) -> None:
    program.outage(airflow)
    said = airflow.rows("select event, count(*) from log where event like 'stuck%' group by 1")
    assert dict(said) == {"stuck in queued reschedule": 2, "stuck in queued tries exceeded": 1}


def test_a_worker_that_dies_costs_a_retry(program: ModuleType, airflow: Installation) -> None:
    assert program.worker_dies(airflow) == ("queued", 2)


def test_nothing_happens_before_the_timeout(program: ModuleType, airflow: Installation) -> None:
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    airflow.later(minutes=9)
    scheduler.check_queued()
    assert program.look(airflow) == ("queued", 1)
