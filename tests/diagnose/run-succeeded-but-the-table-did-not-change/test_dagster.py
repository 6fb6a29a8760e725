import os

import dagster as dg
import pytest

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("rows loaded", False),
        ("job 4711 submitted", True),
        ("Submitted job 4711", True),
        ("ERROR", True),
        ("WARNING", True),
        ("Traceback (most recent call last):", True),
    ],
)
def test_the_log_tells(page: StagedPage, said: str, found: bool) -> None:
    @dg.op
    def load_orders() -> None:
        print(said)

    @dg.job(name="nightly")
    def nightly() -> None:
        load_orders()

    with dg.DagsterInstance.get() as instance:
        night = nightly.execute_in_process(instance=instance)
    assert os.environ["DAGSTER_HOME"]
    assert (said in run(page.code(), RUN_ID=night.run_id)) is found
