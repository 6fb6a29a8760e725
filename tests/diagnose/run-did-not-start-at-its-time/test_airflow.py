from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from airflow.models import DagModel

from testbed.airflow.installation import Installation
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import BUNDLE, change, finish
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import click

DAY = datetime(2026, 3, 13, 3, tzinfo=UTC)


Api = dict[str, str]


@pytest.fixture
def row(page: StagedPage, ask: Callable, api: Api) -> Callable[[], dict[str, object]]:
    """What the query says of the Dag that has a schedule here; the request says the same."""
    names = ("is_paused", "is_stale", "schedule", "next_run", "clock", "is_overdue")
    names += ("queued", "running", "max_active_runs")
    code = page.code("check", 1).replace("'nightly'", "'nightly_at_three'")

    def found() -> dict[str, object]:
        row = dict(zip(names, ask(code)[0], strict=True))
        said = asked(page, api)
        assert abs(said.pop("clock") - row["clock"]) < timedelta(minutes=1)
        assert said == {name: row[name] for name in said}
        return row

    return found


def asked(page: StagedPage, api: Api, dag: str = "nightly_at_three") -> dict[str, object]:
    """Return what the page's commands say of a Dag, by the names of the query."""
    code = page.code().replace("dags/nightly", f"dags/{dag}")
    said, clock, *counts = shell.run(code, **api).splitlines()
    _, paused, _, stale, schedule, _, next_run, _, most = said.split("\t")
    runs = dict(line.split("\t") for line in counts)
    now = datetime.fromisoformat(clock)
    return {
        "is_paused": paused == "true",
        "is_stale": stale == "true",
        "schedule": schedule,
        "clock": now,
        "is_overdue": next_run != "none" and datetime.fromisoformat(next_run) < now,
        "queued": int(runs.get("queued", 0)),
        "running": int(runs.get("running", 0)),
        "max_active_runs": int(most),
    }


@pytest.fixture
def unpaused(airflow: Installation) -> Installation:
    click("PATCH", "dags/nightly_at_three", is_paused=False)
    return airflow


def test_it_is_paused(page: StagedPage, airflow: Installation, row: Callable) -> None:
    page.says("**`paused` is true.** No run is made")
    assert row()["is_paused"]
    assert row()["is_overdue"]


def test_the_scheduler_does_not_get_to_it(
    page: StagedPage, unpaused: Installation, row: Callable
) -> None:
    page.says("**Overdue, and nothing else is in the way.** The scheduler does not get to it.")
    found = row()
    assert (found["is_paused"], found["is_overdue"]) == (False, True)
    assert (found["queued"], found["running"]) == (0, 0)


def test_the_scheduler_has_got_to_it(
    page: StagedPage, unpaused: Installation, row: Callable
) -> None:
    page.says("**Not overdue, and nothing is queued.** Airflow means another hour.")
    unpaused.scheduler().tick()
    assert row()["is_overdue"] is False
    assert row()["running"] == 1


def test_the_run_was_made_and_waits(
    page: StagedPage, unpaused: Installation, row: Callable
) -> None:
    page.says("**Not overdue, and `queued` above 0.** The run was made and waits to start")
    scheduler = unpaused.scheduler()
    finish(scheduler)
    ((run_id,),) = unpaused.rows("select run_id from dag_run")
    unpaused.clear("nightly_at_three", run_id)
    found = row()
    assert (found["is_overdue"], found["queued"], found["running"]) == (False, 1, 0)


def test_its_file_is_gone(unpaused: Installation, row: Callable) -> None:
    assert row()["is_stale"] is False
    DagModel.deactivate_deleted_dags(BUNDLE, [])  # as the Dag processor does at each refresh
    assert row()["is_stale"] is True


def test_another_name_has_no_row(
    page: StagedPage, airflow: Installation, ask: Callable, api: Api
) -> None:
    page.says("**`stale` is true, or both are empty.**")
    assert ask(page.code("check", 1).replace("'nightly'", "'nightlyy'")) == []
    code = page.code().replace("dags/nightly", "dags/nightlyy")
    said, _ = shell.run(code, **api).splitlines()
    assert said.split("\t")[:4] == ["paused", "", "stale", ""]


def test_an_earlier_run_is_in_the_way(
    page: StagedPage, unpaused: Installation, row: Callable
) -> None:
    page.says("Earlier runs are still under way. The new one is made when one ends.")
    scheduler = unpaused.scheduler()
    scheduler.tick()
    # The page asks the database's clock, which a test cannot set: so the next run is due by hand.
    change(unpaused, "dag set next_dagrun_create_after = now() - interval '1 hour'")
    scheduler.tick()
    found = row()
    assert found["is_overdue"]
    assert found["running"] == found["max_active_runs"] == 1


def test_a_backfill_is_not_in_the_way(
    page: StagedPage, unpaused: Installation, row: Callable
) -> None:
    page.says("A backfill's runs do not count.")
    unpaused.backfill("nightly_at_three", DAY, DAY, "none")
    unpaused.scheduler().tick()
    assert unpaused.states("dag_run") == {"running": 2}
    found = row()
    assert (found["queued"], found["running"]) == (0, 1)


def test_no_schedule_no_next_run(
    page: StagedPage, airflow: Installation, ask: Callable, api: Api
) -> None:
    page.says("**`next` is `none`.** No more runs")
    ((_, _, _, next_run, *_),) = ask(page.code("check", 1))
    assert next_run is None
    assert "\tnext\tnone\t" in shell.run(page.code(), **api)
