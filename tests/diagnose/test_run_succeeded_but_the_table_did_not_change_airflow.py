import os

import pytest
from conftest import Words
from shell import run
from stage_airflow import finish, write_log

from tooling.airflow_ticks import Installation


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
def test_the_log_tells(page: Words, airflow: Installation, said: object, found: str) -> None:
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
