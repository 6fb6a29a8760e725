from collections.abc import Callable

from testbed.airflow.installation import Installation
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import Worker, click
from tests.diagnose.staging.shell import run

Api = dict[str, str]


def asked(page: StagedPage, api: Api, dag: str = "nightly") -> tuple[str, str, list[list[str]]]:
    """Return what the page's commands say of a Dag: paused, its last run, and who did it."""
    code = page.code().replace("dags/nightly", f"dags/{dag}").replace("=nightly", f"={dag}")
    paused, last, *entries = [line.split("\t") for line in run(code, **api).splitlines()]
    return paused[1], last[1], [entry[:2] for entry in entries]


def test_it_runs(page: StagedPage, airflow: Installation, ask: Callable, api: Api) -> None:
    page.says("**Switched on, and the last run is old.**")
    airflow.create_run("nightly", None, "night")
    assert asked(page, api)[0] == "false"
    assert asked(page, api)[1] != "none"
    ((paused, _, *entry),) = ask(page.code("check", 1))
    assert (paused, set(entry)) == (False, {None})


def test_it_is_new_and_paused(
    page: StagedPage, airflow: Installation, ask: Callable, api: Api
) -> None:
    page.says("Paused without any entry: it is new")
    assert asked(page, api, "nightly_at_three") == ("true", "none", [])
    ((paused, _, *entry),) = ask(page.code("check", 1).replace("'nightly'", "'nightly_at_three'"))
    assert (paused, set(entry)) == (True, {None})


def test_a_click_is_told(page: StagedPage, airflow: Installation, ask: Callable, api: Api) -> None:
    page.says("**Switched off by a person.** There may be a reason that still stands.")
    page.says("`patch_dag` is a person's click or a script's call, `cli_dag_pause` a command")
    click("PATCH", "dags/nightly", is_paused=True)
    ((paused, *_, event, owner, _),) = ask(page.code("check", 1))
    assert (paused, event, owner) == (True, "patch_dag", "Anonymous")
    run("airflow dags pause nightly --yes")
    assert [row[3] for row in ask(page.code("check", 1))] == ["cli_dag_pause", "patch_dag"]
    paused, _, ((last, _), first) = asked(page, api)
    assert (paused, last, first) == ("true", "cli_dag_pause", ["patch_dag", "Anonymous"])


def test_many_were_paused_in_one_call(
    page: StagedPage, airflow: Installation, ask: Callable
) -> None:
    page.says("many were paused in one call, which is logged without a Dag's name (`patch_dags`)")
    click("PATCH", "dags?dag_id_pattern=nightly", is_paused=True)
    ((paused, _, *entry),) = ask(page.code("check", 1))
    assert (paused, set(entry)) == (True, {None})
    assert airflow.rows("select event, dag_id from log") == [("patch_dags", None)]


def test_somebody_paused_it(page: StagedPage, airflow: Installation, ask: Callable) -> None:
    run("airflow dags pause load_regions --yes")
    assert [row[3] for row in ask(page.code("check", 1))] == [None]
    run("airflow dags pause nightly --yes")
    (paused, _, _, event, owner, _), *_ = ask(page.code("check", 1))
    assert (paused, event) == (True, "cli_dag_pause")
    assert owner


def test_airflow_paused_it(
    page: StagedPage, airflow: Installation, ask: Callable, api: Api
) -> None:
    page.says("**Switched off by the tool.** The failures came first.")
    page.says("`paused` by `scheduler`: the last runs all failed")
    click("PATCH", "dags/nightly_at_three", is_paused=False)
    fail_the_run(airflow)
    code = page.code("check", 1).replace("'nightly'", "'nightly_at_three'")
    (paused, last, _, event, owner, _), *_ = ask(code)
    assert (paused, event, owner) == (True, "paused", "scheduler")
    assert last is not None
    paused, _, (entry, *_) = asked(page, api, "nightly_at_three")
    assert (paused, entry) == ("true", ["paused", "scheduler"])


def fail_the_run(airflow: Installation) -> None:
    """End the scheduled run's only task in failure, and let the scheduler see it."""
    scheduler = airflow.scheduler()
    scheduler.tick()
    (key,) = scheduler.executor.running
    Worker(airflow).start(key)
    Worker(airflow).fail(key)
    scheduler.tick()
