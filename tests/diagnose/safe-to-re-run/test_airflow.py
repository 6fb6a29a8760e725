from collections.abc import Callable
from pathlib import Path

import pytest

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler, TaskInstanceKey
from tests.diagnose.staging.airflow import LAST, finish
from tests.diagnose.staging.fences import PAGES
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.re_run import DAYS, HALVED, RIGHT, add_up, begin, ends, load_orders
from tests.diagnose.staging.servers import click
from tests.diagnose.staging.shell import run

DAGS = "every_night_airflow.py"
TASKS = {"load_orders": load_orders, "fct_revenue_daily": add_up}
FRIDAY = f"scheduled__{LAST.isoformat()}"
FRIDAY_S_LOAD = f"dags/nightly/dagRuns/{FRIDAY}/taskInstances/load_file"
Press = Callable[..., str]


@pytest.fixture
def scheduler(airflow: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Scheduler:
    """Let the three nights run; what they left is the test's to say."""
    monkeypatch.setenv("DAYS", str(tmp_path / "days.json"))
    scheduler = airflow.scheduler()
    finish(scheduler)
    return scheduler


@pytest.fixture
def worked() -> list[str]:
    """The day of each task that ran again, in order."""
    return []


@pytest.fixture
def press(scheduler: Scheduler, worked: list[str]) -> Press:
    """Run a command, answer what it asks, and let Airflow go on."""

    def work(key: TaskInstanceKey) -> None:
        if task := TASKS.get(key.task_id):
            task(key.run_id[11:21])
            worked.append(key.run_id[11:21])

    def press(code: str, answer: str = "y\n") -> str:
        said = run(code, answer)
        finish(scheduler, 24, work)  # a tick goes one task further, and there are three nights
        return said

    return press


def test_the_day_is_cleared_with_what_follows(page: StagedPage, press: Press) -> None:
    begin(RIGHT, RIGHT, HALVED)
    said = press(page.code("clear"))
    assert said.count("<TaskInstance: nightly.") == said.count(DAYS[-1]) == 7
    assert ends() == [RIGHT] * 3


def test_it_asks(page: StagedPage, press: Press) -> None:
    begin(RIGHT, RIGHT, HALVED)
    assert "nothing was cleared" in press(page.code("clear"), "n\n")
    assert ends() == [RIGHT, RIGHT, HALVED]


def test_the_day_that_was_reported_is_not_the_window(page: StagedPage, press: Press) -> None:
    begin(*[HALVED] * 3)
    press(page.code("clear"))
    assert ends() == [HALVED, HALVED, RIGHT]


def test_without_d_the_figure_stays(page: StagedPage, press: Press) -> None:
    begin(RIGHT, RIGHT, HALVED)
    press(page.code("clear").replace(" -d ", " "))
    assert ends()[-1] == "1000/500"


def test_without_dates_every_run_is_cleared(page: StagedPage, press: Press) -> None:
    begin(RIGHT, RIGHT, HALVED, appends=True)
    press(page.code("clear").partition("\\")[0])
    assert ends() == ["2000/2000", "2000/2000", "1500/1500"]


def test_a_run_without_a_logical_date_is_left_out(
    page: StagedPage, airflow: Installation, scheduler: Scheduler, press: Press
) -> None:
    begin(RIGHT, RIGHT, HALVED)
    airflow.create_run("nightly", None, "by_hand")
    finish(scheduler)
    assert "by_hand" not in press(page.code("clear"), "n\n")
    assert "by_hand" in press(page.code("clear").partition("\\")[0], "n\n")


def test_what_is_behind_a_right_load(page: StagedPage, press: Press) -> None:
    begin(RIGHT, RIGHT, "1000/500", appends=True)
    press(page.code("downstream"))
    assert ends() == [RIGHT] * 3
    press(page.code("clear"))
    assert ends() == [RIGHT, RIGHT, "2000/2000"]


def test_a_red_load_is_marked_first(page: StagedPage, airflow: Installation, press: Press) -> None:
    page.says("If the load is red and its rows are right, mark it as success first")
    begin(RIGHT, RIGHT, "1000/500", appends=True)
    click("PATCH", FRIDAY_S_LOAD, new_state="failed")
    press(page.code("downstream"))
    assert airflow.states("task_instance", "task_id = 'fct_revenue_daily'") == {
        "success": 2,
        "upstream_failed": 1,
    }
    click("PATCH", FRIDAY_S_LOAD, new_state="success")
    press(page.code("downstream"))
    assert ends() == [RIGHT] * 3


def test_the_window_is_run_day_by_day(page: StagedPage, press: Press, worked: list[str]) -> None:
    begin(*[HALVED] * 3)
    code = page.code("backfill")
    said = press(code)
    assert [day for day in DAYS if day in said] == [*DAYS]
    assert ends() == [HALVED] * 3
    press(code.replace(" --dry-run", ""))
    assert ends() == [RIGHT] * 3
    assert worked == [day for day in DAYS for _ in TASKS]


def test_without_the_behaviour_no_run_is_touched(page: StagedPage, press: Press) -> None:
    begin(*[HALVED] * 3)
    code = page.code("backfill").replace(" --dry-run", "")
    press(code.replace(" --reprocess-behavior completed", ""))
    assert ends() == [HALVED] * 3


def test_a_pause_starts_nothing_and_ends_nothing(
    airflow: Installation, scheduler: Scheduler, press: Press
) -> None:
    command = "airflow dags pause nightly"
    assert f"`{command}`" in PAGES["safe-to-re-run"].text
    begin(*[RIGHT] * 3)
    airflow.create_run("nightly", None, "by_hand")
    scheduler.tick()
    (running,) = scheduler.executor.running
    scheduler.executor.start_task(running)
    press(command)
    assert airflow.states("task_instance", "run_id = 'by_hand'") == {"success": 1, "none": 6}


def test_a_run_of_a_cancelled_backfill_is_not_cleared(
    page: StagedPage, airflow: Installation, press: Press
) -> None:
    page.says(
        "If it is `backfill`, and that backfill was cancelled or ended while it was paused, "
        "a cleared run stays `queued` for good."
    )
    begin(RIGHT, RIGHT, HALVED)
    airflow.backfill("nightly", LAST, LAST, "completed")
    click("PUT", "backfills/1/cancel")
    press(page.code("clear"))
    press(page.code("downstream"))
    assert airflow.states("dag_run", "run_type = 'backfill'") == {"queued": 1}
    assert ends()[-1] == HALVED
