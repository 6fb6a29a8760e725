from datetime import timedelta

import dagster as dg

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


@dg.op(out=dg.Out(is_required=False))
def find_export(context: dg.OpExecutionContext) -> None:
    if context.has_tag("export"):
        yield dg.Output(10)


@dg.op
def load_orders(found: int) -> int:
    return found


@dg.job
def nightly() -> None:
    load_orders(find_export())


def test_the_step_that_never_started_is_told(page: StagedPage, dagster: dg.DagsterInstance) -> None:
    nights = [nightly.execute_in_process(instance=dagster, tags={tag: "1"}) for tag in TAGS]
    found = ask(dagster, page.code())
    assert [run for run, *_ in found] == [night.run_id for night in reversed(nights)]
    assert [events for _, events, _ in found] == ["STEP_SKIPPED", "STEP_START STEP_SUCCESS"]
    assert [took > timedelta(0) for *_, took in found] == [False, True]


TAGS = ("export", "nothing")
