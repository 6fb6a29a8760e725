from datetime import timedelta
from types import ModuleType

import pytest


@pytest.mark.parametrize(
    ("key", "charges"),
    [
        ("uuid4()", (20, 40)),
        ("XCom", (20, 40)),
        ("task_state_store", (10, 20)),
        ("run_id", (10, 20)),
    ],
)
def test_bug_is_real(program: ModuleType, key: str, charges: tuple[int, int]) -> None:
    dag = program.DAGS[key]
    assert tuple(program.charges_after(dag, runs) for runs in (1, 2)) == charges


def test_fix_holds(program: ModuleType) -> None:
    dag = program.DAGS["logical_date"]
    assert [program.charges_after(dag, runs) for runs in (1, 2)] == [10, 10]


def test_another_day_is_another_charge(program: ModuleType) -> None:
    dag = program.DAGS["logical_date"]
    assert program.charges_after(dag, runs=1) == 10
    dag.test(logical_date=program.FRIDAY + timedelta(days=1))
    assert program.provider().execute("select count(*) from charges").fetchone() == (20,)


def test_the_run_is_green_and_took_two_tries(program: ModuleType) -> None:
    run = program.DAGS["uuid4()"].test(logical_date=program.FRIDAY)
    assert (run.state, run.get_task_instance("charge_renewals").try_number) == ("success", 2)


def test_a_second_run_of_the_date_has_another_run_id(program: ModuleType) -> None:
    dag = program.DAGS["logical_date"]
    one, two = (dag.test(logical_date=program.FRIDAY) for _ in range(2))
    assert one.logical_date == two.logical_date
    assert one.run_id != two.run_id


def test_a_run_without_a_logical_date_has_none_to_make_a_key_of(program: ModuleType) -> None:
    dag = program.DAGS["logical_date"]
    assert program.charges_after(dag, runs=0) == 0
    assert dag.test(logical_date=None).state == "failed"
    assert program.provider().execute("select count(*) from charges").fetchone() == (0,)
    assert program.DAGS["run_id"].test(logical_date=None).state == "success"
