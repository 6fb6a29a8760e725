from collections.abc import Callable

from testbed.airflow.installation import Installation
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import fail_what_runs, fall_silent
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import Worker

Api = dict[str, str]


def silence(airflow: Installation, *hosts: str) -> None:
    airflow.create_run("load_regions", None, "night")
    scheduler = airflow.scheduler()
    scheduler.tick()
    for key, host in zip(sorted(scheduler.executor.running), hosts, strict=True):
        Worker(airflow, host).start(key)
    fall_silent(airflow, scheduler)


def seen(ask: Callable, page: StagedPage, api: Api) -> tuple[int, int, int]:
    """Return what the page's query counts, timeouts, hosts and tasks; the requests say the same."""
    rows = ask(page.code("check", 1))
    found = [line.split("\t") for line in shell.run(page.code(), **api).splitlines()]
    timeouts = [line[1:] for line in found if len(line) == 4]
    ended = [line for line in found if len(line) == 5]
    hosts = {host for _, host, *who in ended if who in timeouts}
    counted = sum(row[1] for row in rows), max(row[2] for row in rows), max(row[4] for row in rows)
    assert counted == (len(timeouts), len(hosts), len({task for _, task, _ in timeouts}))
    return counted


def test_on_many_hosts(page: StagedPage, airflow: Installation, ask: Callable, api: Api) -> None:
    page.says("**Many tasks, many hosts, one minute.** The workers are innocent.")
    silence(airflow, "worker-0", "worker-1")
    assert seen(ask, page, api) == (2, 2, 1)


def test_on_one_host(page: StagedPage, airflow: Installation, ask: Callable, api: Api) -> None:
    page.says("**Many tasks, one host.** That machine died, froze, or lost its network.")
    silence(airflow, "worker-3", "worker-3")
    assert seen(ask, page, api) == (2, 1, 1)
    assert ask(page.code("check", 1))[0][3] == "worker-3"


def test_it_was_no_timeout(
    page: StagedPage, airflow: Installation, ask: Callable, api: Api
) -> None:
    page.says("**No row.** No timeout was the reason.")
    airflow.create_run("nightly", None, "night")
    scheduler = airflow.scheduler()
    scheduler.tick()
    fail_what_runs(scheduler)
    scheduler.tick()
    assert ask(page.code("check", 1)) == []
    (line,) = shell.run(page.code(), **api).splitlines()  # which has failed, and no timeout
    assert line.split("\t")[2:4] == ["nightly", "load_orders"]
