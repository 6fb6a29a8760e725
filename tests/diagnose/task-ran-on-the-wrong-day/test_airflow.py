from collections.abc import Callable

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import LAST, change, finish
from tests.diagnose.staging.page import StagedPage

DAGS = "every_night_airflow.py"
WITH_AN_INTERVAL = """
dag_run set data_interval_start = data_interval_end - interval '1 day'
where logical_date = '2026-03-12 03:00+00'
"""


def test_the_day_of_a_run_is_told(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    finish(airflow.scheduler())
    airflow.create_run("nightly", None, "by_hand")
    change(airflow, WITH_AN_INTERVAL)
    runs = airflow.rows("select run_id from dag_run where dag_id = 'nightly' order by run_after")
    _, with_an_interval, point, by_hand = [
        ask(page.code().replace("<run id>", run_id))[0] for (run_id,) in runs
    ]
    assert point[:4] == ("scheduled", LAST, LAST, LAST)
    assert by_hand[:4] == ("manual", None, None, None)
    _, _, start, end, started = with_an_interval
    assert (end - start).days == 1
    assert started > end
