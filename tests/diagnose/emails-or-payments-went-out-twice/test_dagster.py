import dagster as dg

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


@dg.op(retry_policy=dg.RetryPolicy(max_retries=1))
def send_invoices(context: dg.OpExecutionContext) -> None:
    if context.has_tag("fault") and context.retry_number == 0:
        raise TimeoutError("no answer")


@dg.op(ins={"after": dg.In(dg.Nothing)})
def notify() -> None:
    """Tell the team."""


@dg.job
def nightly() -> None:
    notify(send_invoices())


def test_two_attempts_are_told_from_two_runs(page: StagedPage, dagster: dg.DagsterInstance) -> None:
    once = nightly.execute_in_process(instance=dagster).run_id
    twice = nightly.execute_in_process(instance=dagster, tags={"fault": "1"}).run_id
    assert [row[:2] for row in ask(dagster, page.code())] == [
        (twice, "STEP_RESTARTED"),
        (twice, "STEP_START"),
        (once, "STEP_START"),
    ]
