from collections.abc import Callable
from pathlib import Path

import pytest

from testbed.airflow.installation import Installation, installation
from testbed.airflow.scheduler import Scheduler, TaskInstanceKey
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import turns
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import LOGIN, Worker, address, click, token

DAGS = "joined_night_airflow.py"
Api = dict[str, str]
End = Callable[[Worker, TaskInstanceKey], None]
ENDINGS: dict[str, dict[str, End]] = {
    "skipped": {"load_orders": Worker.skip},
    "all-skipped": {"load_orders": Worker.skip, "load_rates": Worker.skip},
    "failed": {"load_orders": Worker.fail},
    "upstream_failed": {"fetch": Worker.fail},
    "running": {"load_orders": lambda worker, key: None},
}
BEGINS = {  # by rule: the endings over which the task begins
    "all_success": set(),
    "none_failed": {"skipped", "all-skipped"},
    "none_failed_min_one_success": {"skipped"},
    "none_skipped": {"failed", "upstream_failed"},
    "all_done_min_one_success": {"failed", "upstream_failed"},
    "all_done": {"skipped", "all-skipped", "failed", "upstream_failed"},
    "one_success": {"skipped", "failed", "upstream_failed", "running"},
    "one_done": {"skipped", "failed", "upstream_failed", "running"},
    "always": {*ENDINGS},
}


def work(airflow: Installation, scheduler: Scheduler, endings: dict[str, dict[str, End]]) -> None:
    """Let the tasks of each run end in its ways, the others well."""
    worker, begun = Worker(airflow), set()
    for _ in turns(scheduler, 12):
        for key in sorted(scheduler.executor.running - begun):
            begun.add(key)
            if end := endings[key.run_id].get(key.task_id):
                worker.start(key)
                end(worker, key)
            else:
                scheduler.executor.start_task(key)
                scheduler.executor.finish_task(key)


def test_what_each_rule_counts(
    page: StagedPage, airflow: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.says("| `all_success` | no | no | no |")
    page.says("| `none_failed` | **yes** | no | no |")
    page.says("| `none_failed_min_one_success` | **yes** | no | no |")
    page.says("| `none_skipped` | no | **yes** | no |")
    page.says("| `all_done_min_one_success` | no | **yes** | no |")
    page.says("| `all_done` | **yes** | **yes** | no |")
    page.says("| `one_success`, `one_done`, `always` | **yes** | **yes** | **yes** |")
    page.says("`none_failed` begins even if all of them are; only `none_failed_min_one_success`")
    monkeypatch.setenv("AIRFLOW__SCHEDULER__MAX_TIS_PER_QUERY", "0")
    monkeypatch.setenv("AIRFLOW__SCHEDULER__MAX_DAGRUNS_PER_LOOP_TO_SCHEDULE", "100")
    for rule in BEGINS:
        for ending in ENDINGS:
            airflow.create_run(rule, None, ending)
    work(airflow, airflow.scheduler(parallelism=400), ENDINGS)
    ended = "select dag_id, run_id from task_instance where task_id = 'send_invoices' and state = "
    begun = airflow.rows(f"{ended} 'success'")
    assert sorted(begun) == sorted((rule, end) for rule, ends in BEGINS.items() for end in ends)


def night(airflow: Installation, rule: str) -> Scheduler:
    """Begin a night of the Dag of a rule."""
    airflow.create_run(rule, None, "night")
    scheduler = airflow.scheduler()
    scheduler.tick()
    return scheduler


def seen(page: StagedPage, api: Api, rule: str) -> tuple[dict[str, list[str]], str]:
    """Return what the page's first command prints: each task's row, and the rule."""
    code = page.code().replace("dags/nightly", f"dags/{rule}")
    *rows, found = shell.run(code, RUN_ID="night", **api).splitlines()
    return {row.split("\t")[0]: row.split("\t")[1:] for row in rows}, found


def test_a_parent_failed(page: StagedPage, airflow: Installation, api: Api) -> None:
    page.says("**A parent is `failed` or `upstream_failed`.** The rule counts an end")
    work(airflow, night(airflow, "all_done"), {"night": ENDINGS["upstream_failed"]})
    rows, rule = seen(page, api, "all_done")
    assert rule == "all_done"
    assert rows["fetch"][1] == "failed"
    assert rows["load_orders"][1] == "upstream_failed"
    assert rows["send_invoices"][1] == "success"


def test_a_parent_ended_later(page: StagedPage, airflow: Installation, api: Api) -> None:
    page.says("**A parent ended after the task began.** The rule asks for one of them.")
    work(airflow, night(airflow, "one_success"), {"night": ENDINGS["running"]})
    rows, _ = seen(page, api, "one_success")
    assert (rows["send_invoices"][1], rows["load_orders"][1]) == ("success", "running")
    assert rows["load_orders"][3] == ""


def test_a_person_set_the_parent(page: StagedPage, airflow: Installation, api: Api) -> None:
    page.says(
        "**A parent is `success`, and its two times are the same.** Nothing ran: somebody set"
    )
    scheduler = night(airflow, "all_success")
    parent = "dags/all_success/dagRuns/night/taskInstances/load_orders"
    click("PATCH", parent, new_state="success")
    work(airflow, scheduler, {"night": {}})
    rows, _ = seen(page, api, "all_success")
    (_, state, started, ended), (_, joined, *_) = rows["load_orders"], rows["send_invoices"]
    assert (state, joined) == ("success", "success")
    assert started == ended


MAPPED = """
from airflow.sdk import dag, task

@dag(schedule=None)
def nightly():
    @task
    def load_file(number):
        ...

    @task
    def send_invoices():
        ...

    load_file.expand(number={files}) >> send_invoices()

nightly()
"""


def test_a_parent_is_removed(page: StagedPage, tmp_path: Path, sandbox: Path) -> None:
    page.says("a removed instance counts as well as a success, by `all_success` too")
    (tmp_path / "nightly.py").write_text(MAPPED.format(files=[1, 2, 3]))
    with installation(core__dags_folder=tmp_path) as airflow, pytest.MonkeyPatch.context() as admin:
        scheduler = night(airflow, "nightly")
        work(airflow, scheduler, {"night": {}})
        (tmp_path / "nightly.py").write_text(MAPPED.format(files=[1, 2]))
        airflow.parse()
        airflow.clear("nightly", "night", on_latest_version=True)
        work(airflow, scheduler, {"night": {}})
        for name, value in LOGIN.items():
            admin.setenv(name, value)
        code, api = page.code(), {"AIRFLOW": address(), "TOKEN": token()}
        lines = shell.run(code, RUN_ID="night", **api).splitlines()
    states = [line.split("\t")[:3] for line in lines[:-1]]
    assert sorted(states) == [
        ["load_file", "0", "success"],
        ["load_file", "1", "success"],
        ["load_file", "2", "removed"],
        ["send_invoices", "-1", "success"],
    ]


def test_the_events_are_of_two_days(page: StagedPage, airflow: Installation, api: Api) -> None:
    page.says("A schedule on two assets asks that each has changed since the last run")
    page.says("Rates that came twice yesterday and orders that came today make a run")
    scheduler = airflow.scheduler()
    for _ in range(2):  # however long before: the API's time of an event is not ours to move
        airflow.create_event("rates")
        scheduler.tick()
    page.says("Where an asset has no event at all, 3.3.2 waits")
    assert airflow.rows("select run_id from dag_run") == []
    airflow.create_event("raw_orders")
    scheduler.tick()
    ((run,),) = airflow.rows("select run_id from dag_run")
    printed = shell.run(page.code("check", 1), RUN_ID=run.replace("+", "%2B"), **api)
    events = [line.split("\t") for line in printed.splitlines()]
    assert [name for name, _ in events] == ["rates", "rates", "raw_orders"]
    assert [when for _, when in events] == sorted({when for _, when in events})


def test_no_events(page: StagedPage, airflow: Installation, api: Api) -> None:
    page.says("**No events.** The run was triggered by hand, which asks for none.")
    airflow.create_run("nightly", None, "night")
    assert shell.run(page.code("check", 1), RUN_ID="night", **api) == ""
