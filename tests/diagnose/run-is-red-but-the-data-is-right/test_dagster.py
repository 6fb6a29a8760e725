import dagster as dg
import pytest

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


@dg.asset
def raw_orders() -> None:
    """Load the orders."""


@dg.asset(deps=[raw_orders])
def mail() -> None:
    raise ConnectionResetError("connection reset by peer")


@dg.op
def load_orders() -> None:
    """Load the orders."""


@dg.job
def nightly() -> None:
    load_orders()


@pytest.fixture
def events(page: StagedPage, dagster: dg.DagsterInstance):  # noqa: ANN201 - a function
    def read(run_id: str) -> list[tuple]:
        return ask(dagster, page.code().replace("<run id>", run_id))

    return read


def test_a_task_after_the_write_failed(dagster: dg.DagsterInstance, events) -> None:  # noqa: ANN001
    nightly.execute_in_process(instance=dagster)
    run = dg.materialize([raw_orders, mail], instance=dagster, raise_on_error=False)
    assert events(run.run_id) == [
        ("ASSET_MATERIALIZATION", "raw_orders", '["raw_orders"]'),
        ("STEP_SUCCESS", "raw_orders", None),
        ("STEP_FAILURE", "mail", None),
        ("PIPELINE_FAILURE", None, None),
    ]


def test_the_run_s_process_was_lost(dagster: dg.DagsterInstance, events) -> None:  # noqa: ANN001
    run = dagster.create_run_for_job(nightly, status=dg.DagsterRunStatus.STARTED)
    dagster.report_run_failed(run)
    assert events(run.run_id) == [("PIPELINE_FAILURE", None, None)]


def test_a_good_night(dagster: dg.DagsterInstance, events) -> None:  # noqa: ANN001
    run = nightly.execute_in_process(instance=dagster)
    assert events(run.run_id) == [("STEP_SUCCESS", "load_orders", None)]
