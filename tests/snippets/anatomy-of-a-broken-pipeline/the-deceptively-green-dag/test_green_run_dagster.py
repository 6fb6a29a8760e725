from types import ModuleType

import dagster as dg
import pytest

EAGER = dg.AutomationCondition.eager()
CHECKED = EAGER & dg.AutomationCondition.all_deps_blocking_checks_passed()


def test_bug_is_real(program: ModuleType) -> None:
    verdict, run, _ = program.run_night("noted", orders=0)
    assert (verdict, run) == ("failed", "SUCCESS")


def test_fix_holds(program: ModuleType) -> None:
    verdict, run, _ = program.run_night("blocking", orders=0)
    assert (verdict, run) == ("failed", "FAILURE")


@pytest.mark.parametrize("check", ["noted", "blocking"])
def test_later_run_goes_ahead(program: ModuleType, check: str) -> None:
    _, _, later = program.run_night(check, orders=0)
    assert later == "SUCCESS"


@pytest.mark.parametrize("check", ["noted", "blocking"])
def test_good_night_is_unchanged(program: ModuleType, check: str) -> None:
    assert program.run_night(check, orders=10) == ("passed", "SUCCESS", "SUCCESS")


@pytest.mark.parametrize(
    ("condition", "orders", "requested"), [(EAGER, 0, 1), (CHECKED, 0, 0), (CHECKED, 10, 1)]
)
def test_automation_asks_for_the_later_run_unless_it_minds_the_check(
    program: ModuleType, condition: dg.AutomationCondition, orders: int, requested: int
) -> None:
    automated = program.fct_revenue_daily.map_asset_specs(
        lambda spec: spec.replace_attributes(automation_condition=condition)
    )
    night = [program.raw_orders, program.blocking]
    definitions = dg.Definitions(assets=[*night[:1], automated], asset_checks=night[1:])
    with dg.DagsterInstance.ephemeral() as instance:
        before = dg.evaluate_automation_conditions(definitions, instance)
        config = dg.RunConfig({"raw_orders": program.Night(orders=orders)})
        dg.materialize(night, instance=instance, run_config=config, raise_on_error=False)
        after = dg.evaluate_automation_conditions(definitions, instance, cursor=before.cursor)
    assert (before.total_requested, after.total_requested) == (0, requested)
