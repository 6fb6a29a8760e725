import dagster as dg

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


@dg.op(retry_policy=dg.RetryPolicy(max_retries=1))
def load_orders(context: dg.OpExecutionContext) -> None:
    if context.has_tag("fault") and context.retry_number == 0:
        raise ConnectionResetError("connection reset by peer")


@dg.op(ins={"after": dg.In(dg.Nothing)})
def stg_orders() -> None:
    """Clean them."""


@dg.job
def nightly() -> None:
    stg_orders(load_orders())


def attempts(page: StagedPage, dagster: dg.DagsterInstance, **tags: str) -> list[str]:
    night = nightly.execute_in_process(instance=dagster, tags=tags)
    nightly.execute_in_process(instance=dagster)  # another run, whose attempts must not be listed
    return [event for event, _ in ask(dagster, page.code().replace("<run id>", night.run_id))]


def test_one_attempt(page: StagedPage, dagster: dg.DagsterInstance) -> None:
    assert attempts(page, dagster) == ["STEP_START", "STEP_SUCCESS"]


def test_two_attempts(page: StagedPage, dagster: dg.DagsterInstance) -> None:
    retried = ["STEP_START", "STEP_UP_FOR_RETRY", "STEP_RESTARTED", "STEP_SUCCESS"]
    assert attempts(page, dagster, fault="1") == retried
