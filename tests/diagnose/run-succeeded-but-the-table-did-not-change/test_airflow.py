import os

import pytest

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import finish, write_log
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("rows loaded", ""),
        ("job 4711 submitted", "submitted"),
        ("Submitted job 4711", "Submitted"),
        ("Dag Run triggered successfully.", "triggered"),
        (ValueError("no rows"), "error"),
        (UserWarning("no rows"), "warning"),
    ],
)
def test_the_log_tells(page: StagedPage, airflow: Installation, said: object, found: str) -> None:
    airflow.create_run("nightly", None, "night")
    finish(airflow.scheduler())
    log = write_log(airflow, f"{os.environ['AIRFLOW_HOME']}/logs", "fct_revenue_daily", fresh=True)
    if isinstance(said, Warning):
        log.warning("the copy", exc_info=said)
    elif isinstance(said, Exception):
        log.error("the copy", exc_info=said)
    else:
        log.info(said)
    lines = run(page.code(), RUN_ID="night")
    assert found in lines
    assert bool(lines) == bool(found)
