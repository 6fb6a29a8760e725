import inspect
import os

import pytest
from airflow.sdk.execution_time import supervisor
from airflow.utils.log.log_reader import TaskLogReader

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import finish, write_log
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

KILLED = "Process terminated by signal."


@pytest.mark.parametrize(
    ("said", "facts", "found"),
    [
        (KILLED, {"signal": -9, "signal_name": "SIGKILL"}, "SIGKILL"),
        (supervisor.SIGSEGV_MESSAGE, {}, "SIGSEGV"),
        (KILLED, {"signal": -15, "signal_name": "SIGTERM"}, "SIGTERM"),
        ("Process exited abnormally", {"exit_code": 42}, "42"),
        ("rows loaded", {}, ""),
    ],
)
def test_the_log_tells(
    page: StagedPage,
    airflow: Installation,
    api: dict[str, str],
    said: str,
    facts: dict[str, object],
    found: str,
) -> None:
    airflow.create_run("nightly", None, "night")
    finish(airflow.scheduler())
    home = f"{os.environ['AIRFLOW_HOME']}/logs"
    log = write_log(airflow, home, "load_orders", fresh=True)
    log.critical(said, **facts)
    lines = run(page.code("check", 1), RUN_ID="night")
    assert found in lines
    assert bool(lines) == bool(found)
    base = TaskLogReader().log_handler.local_base
    write_log(airflow, base, "load_orders", fresh=True).critical(said, **facts)
    lines = run(page.code(), RUN_ID="night", **api)
    assert found in lines
    assert bool(lines) == bool(found)


def test_airflow_still_says_so() -> None:
    source = inspect.getsource(supervisor.WatchedSubprocess._check_subprocess_exit)
    assert KILLED in source
    assert "Likely out of memory error (OOM)." in source
    assert "signal_name=name" in source
    assert "critical(SIGSEGV_MESSAGE)" in source
    assert "Process exited abnormally" in source
