from collections.abc import Callable

import pytest

from testbed.airflow.installation import Installation
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import change, finish
from tests.diagnose.staging.page import StagedPage

MINUTE = "interval '1 minute'"
LATE = {
    "before_the_run": f"dag_run set run_after = start_date - {MINUTE}",
    "in_scheduled": f"task_instance set scheduled_dttm = queued_dttm - {MINUTE}",
    "in_queued": f"task_instance set start_date = start_date + {MINUTE}",
}


def asked(page: StagedPage, api: dict[str, str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return what the page's commands print: the parts of the last hour, and what runs now."""
    waits, running = {}, {}
    for line in shell.run(page.code(), **api).splitlines():
        first, *rest = line.split("\t")
        if first == "running now":
            running[rest[0]] = int(rest[1])
        else:
            waits |= dict(zip(rest[::2], map(int, rest[1::2]), strict=True))
    return waits, running


@pytest.mark.parametrize("part", LATE)
def test_the_part_that_grew_is_told(
    page: StagedPage, airflow: Installation, ask: Callable, part: str, api: dict[str, str]
) -> None:
    page.says("**`in queued` grew.** The workers: too few, too slow to come, or full.")
    page.says("**`in scheduled` grew.** A limit, or a scheduler that queues too little in a turn")
    page.says("**`before the run` grew.** The scheduler's loop is slow")
    airflow.create_run("nightly", None, "night")
    finish(airflow.scheduler())
    change(airflow, "dag_run set run_type = 'scheduled'")
    change(airflow, LATE[part])
    ((_, started, *waits),) = ask(page.code("check", 1))
    assert started == 4
    waits = dict(zip(LATE, waits, strict=True))
    assert [name for name, seconds in waits.items() if seconds >= 59] == [part]
    grew = [name for name, seconds in asked(page, api)[0].items() if seconds >= 58]
    assert grew == [part.replace("_", " ")]


def test_what_still_waits_is_in_no_line(
    page: StagedPage, airflow: Installation, ask: Callable, api: dict[str, str]
) -> None:
    page.says("**The last hour is not there.** Nothing has started")
    airflow.create_run("nightly", None, "night")
    airflow.scheduler().tick()
    assert airflow.states("task_instance")["queued"] == 1
    assert ask(page.code("check", 1)) == []
    assert asked(page, api) == ({}, {"nightly": 1})


@pytest.mark.parametrize(
    "made", ["run_type = 'backfill'", "run_type = 'scheduled', clear_number = 1"]
)
def test_what_runs_again_is_late_by_nature(
    page: StagedPage, airflow: Installation, ask: Callable, made: str
) -> None:
    airflow.create_run("nightly", None, "night")
    finish(airflow.scheduler())
    change(airflow, f"dag_run set {made}, run_after = now() - interval '1 year'")
    ((_, started, before_the_run, *_),) = ask(page.code("check", 1))
    assert (started, before_the_run) == (4, None)
    change(airflow, "task_instance set start_date = start_date - interval '1 day'")
    assert ask(page.code("check", 1)) == []


def test_the_unfinished_are_counted(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    airflow.create_run("load_regions", None, "night")
    airflow.create_run("nightly", None, "night")
    scheduler = airflow.scheduler()
    scheduler.tick()
    assert ask(page.code("check", 2)) == [("load_regions", 1, 4), ("nightly", 1, 4)]
    finish(scheduler)
    airflow.create_run("nightly", None, "not_begun")
    assert ask(page.code("check", 2)) == []
