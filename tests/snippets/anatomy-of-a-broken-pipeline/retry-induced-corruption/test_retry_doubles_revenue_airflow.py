from types import ModuleType

import pytest

PIPELINES = ["append_orders", "overwrite_orders"]


def run(program: ModuleType, pipeline: str, fault: str) -> tuple[str, int, str, str]:
    (dag,) = (dag for dag in program.DAGS if dag.dag_id == pipeline)
    return program.run_night(dag, fault)


def test_bug_is_real(program: ModuleType) -> None:
    night = run(program, "append_orders", "after commit")
    assert night == ("success", 2, "success", "EUR 2000.00")


def test_fix_holds(program: ModuleType) -> None:
    night = run(program, "overwrite_orders", "after commit")
    assert night == ("success", 2, "success", "EUR 1000.00")


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_rollback_makes_the_retry_harmless(program: ModuleType, pipeline: str) -> None:
    night = run(program, pipeline, "before commit")
    assert night == ("success", 2, "success", "EUR 1000.00")


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_good_night_is_unchanged(program: ModuleType, pipeline: str) -> None:
    assert run(program, pipeline, "none") == ("success", 1, "success", "EUR 1000.00")


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_other_days_are_left_alone(program: ModuleType, pipeline: str) -> None:
    run(program, pipeline, "after commit")
    query = "select count(*) from orders where day = '2026-03-12'"
    assert program.open_warehouse().execute(query).fetchone() == (10,)


def test_second_run_of_the_day_is_a_second_try_too(program: ModuleType) -> None:
    for pipeline, revenue in zip(program.DAGS, (2000, 1000), strict=True):
        program.run_night(pipeline, "none")
        pipeline.test(logical_date=None)
        assert program.revenue() == revenue
