from types import ModuleType

import pytest


@pytest.mark.parametrize("night", ["files moved", "bank holiday", "Sunday"])
def test_bug_is_real(program: ModuleType, night: str) -> None:
    as_written, _ = program.DAGS
    assert program.run_night(as_written, night) == ("success", 1, "success", "success")


def test_fix_holds(program: ModuleType) -> None:
    _, asserted = program.DAGS
    night = program.run_night(asserted, "files moved")
    assert night == ("failed", 1, "upstream_failed", "failed")


def test_no_retry_is_spent_though_three_are_allowed(program: ModuleType) -> None:
    for dag in program.DAGS:
        assert dag.get_task("load_orders").retries == 3
    _, asserted = program.DAGS
    _, tries, _, _ = program.run_night(asserted, "files moved")
    assert tries == 1


def test_an_ordinary_exception_is_retried(program: ModuleType) -> None:
    as_written, _ = program.DAGS
    run = as_written.test(logical_date=None, run_conf={"files": ["no number"]})
    load = run.get_task_instance("load_orders")
    assert (load.state, load.try_number) == ("failed", 4)


def test_declared_empty_day_publishes_its_zero(program: ModuleType) -> None:
    _, asserted = program.DAGS
    night = program.run_night(asserted, "bank holiday")
    assert night == ("success", 1, "success", "success")


def test_skip_spreads_and_the_run_is_still_a_success(program: ModuleType) -> None:
    _, asserted = program.DAGS
    assert program.run_night(asserted, "Sunday") == ("skipped", 1, "skipped", "success")


def test_good_night_is_unchanged(program: ModuleType) -> None:
    for dag in program.DAGS:
        night = program.run_night(dag, "10 orders")
        assert night == ("success", 1, "success", "success")
