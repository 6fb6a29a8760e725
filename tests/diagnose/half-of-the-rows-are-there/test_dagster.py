import dagster as dg
import pytest

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


@dg.op(out=dg.DynamicOut())
def list_files() -> None:
    for number in range(3):
        yield dg.DynamicOutput(number, str(number))


@dg.op(out=dg.Out(is_required=False))
def fetch_file(context: dg.OpExecutionContext, number: int) -> None:
    if not context.has_tag("empty") or number != 2:
        yield dg.Output(number)


@dg.op
def load_file(context: dg.OpExecutionContext, number: int) -> None:
    if context.has_tag("fault") and number == 2:
        raise ConnectionResetError("connection reset by peer")


@dg.job
def nightly() -> None:
    list_files().map(fetch_file).map(load_file)


@pytest.mark.parametrize(
    ("tags", "parts"),
    [
        ({}, {"STEP_START": 3, "STEP_SUCCESS": 3}),
        ({"fault": "1"}, {"STEP_START": 3, "STEP_SUCCESS": 2, "STEP_FAILURE": 1}),
        ({"empty": "1"}, {"STEP_START": 2, "STEP_SUCCESS": 2, "STEP_SKIPPED": 1}),
    ],
)
def test_the_parts_are_counted(
    page: StagedPage, dagster: dg.DagsterInstance, tags: dict, parts: dict
) -> None:
    nightly.execute_in_process(instance=dagster)  # another run, whose parts must not be counted
    night = nightly.execute_in_process(instance=dagster, tags=tags, raise_on_error=False)
    assert dict(ask(dagster, page.code().replace("<run id>", night.run_id))) == parts
