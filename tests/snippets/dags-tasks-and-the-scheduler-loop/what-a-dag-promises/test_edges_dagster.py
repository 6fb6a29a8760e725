import runpy
from types import ModuleType

import dagster as dg
import pytest
from toposort import CircularDependencyError

from testbed.sandbox import SNIPPETS

CHAPTER = runpy.run_path(
    str(SNIPPETS / "dags-tasks-and-the-scheduler-loop/what-a-dag-promises/hidden_edge.py")
)

TABLES = {"load_orders": "raw_orders", "load_rates": "raw_rates", "publish_dashboard": "dashboard"}


def arrows(graph: str) -> set[str]:
    return {" -> ".join(TABLES.get(task, task) for task in pair) for pair in CHAPTER[graph]}


def test_bug_is_real(program: ModuleType) -> None:
    assert program.edges(program.AS_DRAWN) == arrows("BEFORE")


def test_fix_holds(program: ModuleType) -> None:
    assert program.edges(program.WITH_EDGE) == arrows("AFTER")


def test_the_arrow_orders_one_run_and_holds_no_run_of_the_table_alone(program: ModuleType) -> None:
    def materialized(*selection: str) -> list[str]:
        run = dg.materialize(
            [program.raw_orders, program.raw_rates, program.stg_orders, program.WITH_EDGE],
            selection=list(selection) or None,
        )
        events = run.get_asset_materialization_events()
        return [event.asset_key.to_user_string() for event in events]

    whole = materialized()
    assert whole.index("raw_rates") < whole.index("fct_revenue_daily")
    assert materialized("fct_revenue_daily") == ["fct_revenue_daily"]


def test_dagster_refuses_a_cycle(program: ModuleType) -> None:
    @dg.asset(key="fct_revenue_daily", deps=["dashboard"])
    def around() -> None: ...

    with pytest.raises(CircularDependencyError, match="Circular dependencies"):
        dg.Definitions.validate_loadable(dg.Definitions(assets=[program.dashboard, around]))


@pytest.mark.parametrize("days_back", [0, 1])
def test_an_asset_may_depend_on_its_own_earlier_partitions_only(days_back: int) -> None:
    days = dg.TimeWindowPartitionMapping(start_offset=-days_back, end_offset=-days_back)

    def load() -> None:
        @dg.asset(
            partitions_def=dg.DailyPartitionsDefinition("2026-03-01"),
            deps=[dg.AssetDep("balance", partition_mapping=days)],
        )
        def balance() -> None: ...

        dg.Definitions.validate_loadable(dg.Definitions(assets=[balance]))

    if days_back:
        load()
    else:
        with pytest.raises(dg.DagsterInvalidDefinitionError, match="depends on itself"):
            load()
