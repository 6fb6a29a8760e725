import json
from uuid import UUID

import pytest
from prefect import flow
from prefect.context import get_run_context

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import FIRST, bash, run

pytestmark = pytest.mark.usefixtures("prefect")


@flow
def of_a_day(day: str) -> UUID:
    return get_run_context().flow_run.id


@flow
def of_the_clock() -> UUID:
    return get_run_context().flow_run.id


def test_the_day_of_a_run_is_told(page: StagedPage) -> None:
    for run_id, day in ((of_a_day("2026-03-12"), "2026-03-12"), (of_the_clock(), "")):
        found, due, started, scheduled = run(page.code(), FLOW_RUN_ID=run_id)[:-1].split("\t")
        assert (found, scheduled) == (day, "false")
        assert due <= started


def test_the_run_of_a_schedule_is_told(page: StagedPage) -> None:
    inspect, pick = FIRST.fullmatch(page.code()).groups()
    night = json.loads(run(inspect, FLOW_RUN_ID=of_a_day("2026-03-12")))
    assert night["auto_scheduled"] is False
    night["auto_scheduled"] = True  # as the server does that makes a schedule's runs
    assert bash(pick, json.dumps(night), {}).rstrip().endswith("\ttrue")
