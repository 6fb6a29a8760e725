from types import ModuleType

import dagster as dg
import pytest


@pytest.mark.parametrize(("key", "charges"), [("uuid4()", (20, 40)), ("run.run_id", (10, 20))])
def test_bug_is_real(program: ModuleType, key: str, charges: tuple[int, int]) -> None:
    renewals = program.ASSETS[key]
    assert tuple(program.charges_after(renewals, runs) for runs in (1, 2)) == charges


def test_fix_holds(program: ModuleType) -> None:
    renewals = program.ASSETS["partition_key"]
    assert [program.charges_after(renewals, runs) for runs in (1, 2)] == [10, 10]


def test_the_run_is_green(program: ModuleType) -> None:
    assert dg.materialize([program.ASSETS["uuid4()"]], partition_key="2026-05-12").success


def test_another_partition_is_another_charge(program: ModuleType) -> None:
    renewals = program.ASSETS["partition_key"]
    assert program.charges_after(renewals, runs=1) == 10
    dg.materialize([renewals], partition_key="2026-05-13")
    assert len(program.charges) == 20


def over(program: ModuleType, start: str, end: str) -> dg.ExecuteInProcessResult:
    """Run a range of partitions at once."""
    days = {"start": start, "end": end}
    tags = {f"dagster/asset_partition_range_{which}": day for which, day in days.items()}
    renewals = program.ASSETS["partition_key"]
    return dg.materialize([renewals], tags=tags, raise_on_error=False)


def test_a_range_of_one_partition_has_a_key(program: ModuleType) -> None:
    assert over(program, "2026-05-12", "2026-05-12").success


def test_a_range_of_two_partitions_has_no_key_of_its_own(program: ModuleType) -> None:
    [failure] = over(program, "2026-05-12", "2026-05-13").get_step_failure_events()[-1:]
    assert "Cannot access partition_key" in str(failure.step_failure_data.error)
