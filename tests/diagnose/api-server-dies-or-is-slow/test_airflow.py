import asyncio
import time
from collections.abc import Iterator
from threading import Thread

import pytest
from airflow.api_fastapi.app import create_app
from airflow.api_fastapi.common.dagbag import create_dag_bag
from airflow.configuration import conf
from fastapi.testclient import TestClient
from sqlalchemy import text
from uvicorn import Config, Server

from testbed.airflow.installation import Installation
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import fall_silent
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import rest

PARTS = ("api/v2/version", "api/v2/monitor/health", "execution/health")
Api = dict[str, str]


def timed(page: StagedPage, api: Api) -> dict[str, tuple[str, float]]:
    """Return what the page's first command prints, by the end of each path; it waits a second."""
    printed = shell.run(page.code().replace("-m 20", "-m 1"), **api)
    lines = [line.split() for line in printed.splitlines()]
    assert tuple(line[2] for line in lines) == PARTS
    return {path.split("/")[-2]: (code, float(seconds)) for code, seconds, path, *_ in lines}


def test_all_is_well(page: StagedPage, airflow: Installation, api: Api) -> None:
    timed(page, api)  # the first request of a process takes longer
    found = timed(page, api)
    assert [found[part][0] for part in ("v2", "monitor")] == ["200", "200"]
    assert max(seconds for _, seconds in found.values()) < 1


def test_nothing_listens(page: StagedPage, airflow: Installation) -> None:
    page.says("**`000` at once.** Nothing listens.")
    found = timed(page, {"AIRFLOW": "http://127.0.0.1:9"})
    assert {code for code, _ in found.values()} == {"000"}
    assert max(seconds for _, seconds in found.values()) < 0.9


def test_the_database_is_slow(page: StagedPage, airflow: Installation, api: Api) -> None:
    page.says("The first needs neither the database nor a login, the second needs the database")
    page.says("**The first is quick, the second is slow or `000`.** The database is what is slow")
    timed(page, api)
    with airflow.session() as migration:
        migration.execute(text("lock table job in access exclusive mode"))
        found = timed(page, api)
        migration.rollback()
    assert (found["v2"][0], found["monitor"][0]) == ("200", "000")
    assert timed(page, api)["monitor"][0] == "200"  # and what waited has been answered


@pytest.fixture
def busy(airflow: Installation, api: Api) -> Iterator[Api]:
    """An API server whose process is busy with something else for some seconds."""
    loop = asyncio.new_event_loop()
    server = Server(Config(rest().app, host="127.0.0.1", port=0, log_level="critical"))
    serving = Thread(target=loop.run_until_complete, args=(server.serve(),), daemon=True)
    serving.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(time.sleep, 4)
    yield {"AIRFLOW": f"http://127.0.0.1:{port}"}
    server.should_exit = True
    serving.join()


def test_the_server_is_busy(page: StagedPage, busy: Api) -> None:
    page.says("Everything in one process waits together, also the heartbeats.")
    assert {code for code, _ in timed(page, busy).values()} == {"000"}


def test_it_is_split(page: StagedPage, airflow: Installation, api: Api) -> None:
    page.says("**The third is `text/html`.** It is a page of the UI: this address serves no tasks")
    *_, third = shell.run(page.code(), **api).splitlines()  # of `--apps core`
    assert (third.split()[0], third.split()[3]) == ("200", "text/html;")
    for_tasks = TestClient(create_app(apps="execution"))
    health = for_tasks.get("/execution/health")
    assert (health.status_code, health.headers["content-type"]) == (200, "application/json")
    assert for_tasks.get("/api/v2/version").status_code == 404


def test_whom_it_cost(page: StagedPage, airflow: Installation, api: Api) -> None:
    page.says("**Many `heartbeat timeout` in one minute.** That is what it cost.")
    assert shell.run(page.code("check", 1), **api) == ""
    scheduler = airflow.scheduler()
    airflow.create_run("load_regions", None, "night")
    scheduler.tick()
    fall_silent(airflow, scheduler)
    counts = [int(line.split()[0]) for line in shell.run(page.code("check", 1), **api).splitlines()]
    assert sum(counts) == 2


def test_the_defaults(page: StagedPage) -> None:
    page.says("since then `[api] dag_cache_size` (64) bounds it")
    page.says("A supervisor tries each heartbeat five times (`[workers] execution_api_retries`)")
    page.says("after three in a row it ends its task")
    page.says("The default, uvicorn, ignores that option.")
    assert create_dag_bag()._dags.maxsize == 64
    assert conf.getint("workers", "execution_api_retries") == 5
    assert conf.getint("workers", "max_failed_heartbeats") == 3
    assert conf.get("api", "server_type") == "uvicorn"
