import os
import signal

import dagster as dg

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


@dg.op
def load_orders(context: dg.OpExecutionContext) -> None:
    if context.has_tag("killed"):
        os.kill(os.getpid(), signal.SIGKILL)


@dg.job(executor_def=dg.multiprocess_executor)
def nightly() -> None:
    load_orders()


def test_the_signal_is_told(page: StagedPage, dagster: dg.DagsterInstance) -> None:
    found = {tag: told(page, dagster, tag) for tag in ("killed", "well")}
    assert found == {"killed": [("load_orders", "terminated by signal 9 (SIGKILL)")], "well": []}


def told(page: StagedPage, instance: dg.DagsterInstance, tag: str) -> list[tuple]:
    """Run one night in processes of their own, and ask what ended it."""
    job = dg.reconstructable(nightly)
    night = dg.execute_job(job, instance=instance, tags={tag: "1"})
    return ask(instance, page.code().replace("<run id>", night.run_id))
