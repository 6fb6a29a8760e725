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


def test_a_run_of_several_partitions_has_no_key_of_its_own(program: ModuleType) -> None:
    renewals = program.ASSETS["partition_key"]
    ends = {"start": "2026-05-12", "end": "2026-05-13"}
    tags = {f"dagster/asset_partition_range_{end}": day for end, day in ends.items()}
    result = dg.materialize([renewals], tags=tags, raise_on_error=False)
    [failure] = result.get_step_failure_events()[-1:]
    assert "Cannot access partition_key" in str(failure.step_failure_data.error)
