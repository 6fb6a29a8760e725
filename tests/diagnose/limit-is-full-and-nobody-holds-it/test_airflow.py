import pytest

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import Scheduler
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import fall_silent
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import Worker, click
from tests.words import page_at

Api = dict[str, str]


@pytest.fixture
def full(airflow: Installation) -> Scheduler:
    """A pool of two slots, that two tasks were given and two wait for."""
    airflow.create_pool("partner_api", 2)
    scheduler = airflow.scheduler()
    airflow.create_run("load_partners", None, "night")
    scheduler.tick()
    assert len(scheduler.executor.sent) == 2
    return scheduler


def count_deferred(yes: bool) -> None:
    """Turn the pool's switch."""
    click("PATCH", "pools/partner_api", pool="partner_api", slots=2, include_deferred=yes)


def asked(page: StagedPage, api: Api) -> dict[str, str]:
    """Return what the page's command prints of the pool, by what it is called."""
    lines = [line.split("\t") for line in shell.run(page.code(), **api).splitlines()]
    (pool,) = [line for line in lines if line[0] == "partner_api"]
    return dict(zip(pool[2:8:2], pool[3:8:2], strict=True)) | {"of": pool[1], "are": pool[8]}


def test_those_that_wait_elsewhere_are_counted(
    page: StagedPage, airflow: Installation, full: Scheduler, api: Api
) -> None:
    page.says("**Airflow: `deferred` is `counted`.**")
    count_deferred(True)
    for key in full.executor.sent:
        Worker(airflow).start(key)
        Worker(airflow).defer(key)
        full.executor.running.discard(key)
    seen = {"running": "0", "queued": "0", "deferred": "2", "of": "2"}
    assert asked(page, api) == seen | {"are": "counted"}
    assert full.tick() == 0
    count_deferred(False)
    assert asked(page, api) == seen | {"are": "free"}
    assert full.tick() == 2


def test_nobody_took_them(page: StagedPage, full: Scheduler, api: Api) -> None:
    page.says("**Airflow: all of it is `queued`.** A queued task holds its slot")
    page_at("diagnose/sensors-fill-every-slot.md").says(
        "**Nothing runs, and the pool has no room.**"
    )
    assert asked(page, api)["queued"] == "2"
    assert full.tick() == 0


def test_a_silent_one_gives_its_slot_back(
    page: StagedPage, airflow: Installation, full: Scheduler, api: Api
) -> None:
    page.says("**Airflow: `running`, on a worker that is gone.** The scheduler ends a task")
    for key in full.executor.sent:
        Worker(airflow).start(key)
    assert asked(page, api)["running"] == "2"
    fall_silent(airflow, full)
    assert asked(page, api)["running"] == "0"
    full.tick()
    assert len(full.executor.sent) == 4
