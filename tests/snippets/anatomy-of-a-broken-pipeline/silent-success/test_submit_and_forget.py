from types import ModuleType

import pytest


@pytest.mark.parametrize("job", ["slow job", "failed job", "stuck job"])
def test_bug_is_real(program: ModuleType, job: str) -> None:
    outcome = program.outcome(program.load_and_forget, program.JOBS[job])
    assert outcome == ("success", "EUR 0.00")


def test_fix_holds(program: ModuleType) -> None:
    slow = program.outcome(program.load_and_wait, program.JOBS["slow job"])
    assert slow == ("success", "EUR 1000.00")
    failed = program.outcome(program.load_and_wait, program.JOBS["failed job"])
    assert failed == ("failed", "no figure: copy-0314 failed")


def test_wait_is_bounded_and_unknown_is_not_called_failed(program: ModuleType) -> None:
    warehouse = program.Warehouse(*program.JOBS["stuck job"])
    with pytest.raises(TimeoutError, match="still queued after 4 polls"):
        program.load_and_wait(warehouse, [100])


def test_forgotten_job_may_land_after_the_figure_was_read(program: ModuleType) -> None:
    warehouse = program.Warehouse(*program.JOBS["slow job"])
    program.load_and_forget(warehouse, [100] * 10)
    assert sum(warehouse.raw_orders) == 0
    for _ in range(3):
        warehouse.poll("copy-0314")
    assert sum(warehouse.raw_orders) == 1000
