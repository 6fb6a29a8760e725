from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import fail_what_runs, finish
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def states(page: StagedPage) -> dict[str, str]:
    """Read the task's and the state's column of what the command prints."""
    rows = [line.split("|") for line in run(page.code(), RUN_ID="night").splitlines()]
    return {row[2].strip(): row[3].strip() for row in rows[2:] if len(row) > 3}


def test_a_failed_load_below_a_green_run(page: StagedPage, airflow: Installation) -> None:
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    for _ in range(2):  # the load has one retry
        scheduler.tick()
        fail_what_runs(scheduler)
        scheduler.tick()
    finish(scheduler)
    assert airflow.rows("select state from dag_run") == [("success",)]
    assert states(page) == {
        "load_orders": "failed",
        "stg_orders": "upstream_failed",
        "fct_revenue_daily": "upstream_failed",
        "notify": "success",
    }


def test_every_task_says_success(page: StagedPage, airflow: Installation) -> None:
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    finish(scheduler)
    assert set(states(page).values()) == {"success"}
