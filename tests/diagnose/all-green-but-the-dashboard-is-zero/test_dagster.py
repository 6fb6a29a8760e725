import dagster as dg

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


@dg.op(out=dg.Out(is_required=False))
def load_orders(context: dg.OpExecutionContext) -> None:
    if context.has_tag("export"):
        yield dg.Output(10)


@dg.op
def stg_orders(orders: int) -> int:
    return orders


@dg.job
def nightly() -> None:
    stg_orders(load_orders())


def test_a_skipped_step_is_told(page: StagedPage, dagster: dg.DagsterInstance) -> None:
    runs = {tag: nightly.execute_in_process(instance=dagster, tags={tag: "1"}) for tag in WANTED}
    assert all(run.success for run in runs.values())
    found = {
        tag: ask(dagster, page.code().replace("<run id>", run.run_id)) for tag, run in runs.items()
    }
    assert found == WANTED


WANTED = {
    "export": [("load_orders", "STEP_SUCCESS"), ("stg_orders", "STEP_SUCCESS")],
    "nothing": [("load_orders", "STEP_SUCCESS"), ("stg_orders", "STEP_SKIPPED")],
}
