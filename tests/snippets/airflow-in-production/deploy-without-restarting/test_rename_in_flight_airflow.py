import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.words import Words

CHAPTER = "airflow-in-production/deploy-without-restarting"
LOADED = {"load_orders": "success", "fct_revenue_daily": "success"}
FIGURES = {"queued": 1000, "running": 1500, "success": 2000}
MOMENTS = pytest.mark.parametrize("moment", FIGURES)


def thursday(program: ModuleType, config: str, moment: str) -> tuple[str, str, str]:
    with program.site(config) as site:
        site.start("Thursday")
        getattr(program, moment)(site)
        site.finish()
        return program.row(site, "Thursday")


@MOMENTS
def test_bug_is_real(program: ModuleType, moment: str) -> None:
    figure = f"EUR {FIGURES[moment]}.00"
    assert thursday(program, program.FOLDER, moment) == ("removed", "success", figure)


@MOMENTS
def test_fix_holds(program: ModuleType, moment: str) -> None:
    assert thursday(program, program.GIT, moment) == ("success", "-", "EUR 1000.00")


def test_what_was_queued_is_removed_and_its_new_name_queued(program: ModuleType) -> None:
    with program.site(program.FOLDER) as site:
        site.start("Thursday")
        assert site.states("Thursday")["load_orders"] == "queued"
        site.deploy(program.AFTER)
        states = site.states("Thursday")
    assert (states["load_orders"], states["load_shop_orders"]) == ("removed", "queued")


def test_a_run_is_held_to_the_commit_it_was_created_with(program: ModuleType) -> None:
    with program.site(program.GIT) as site:
        site.start("Thursday")
        site.deploy(program.AFTER)
        site.finish()
        site.start("Friday")
        pins = site.airflow.rows("select run_id, bundle_version from dag_run order by run_id desc")
        assert pins == list(zip(("Thursday", "Friday"), site.repository.commits, strict=True))
        sent = {key.run_id: sent.version for key, sent in site.executor.bundles.items()}
        assert sent == dict(pins)


def test_a_folder_pins_nothing(program: ModuleType) -> None:
    with program.site(program.FOLDER) as site:
        site.start("Thursday")
        assert site.airflow.rows("select bundle_version from dag_run") == [(None,)]
        (sent,) = site.executor.bundles.values()
        assert sent.version is None


@pytest.mark.parametrize(("bundle", "loads"), [("folder", 3), ("git", 1)])
def test_taking_the_rename_back_loads_once_more(
    program: ModuleType, bundle: str, loads: int
) -> None:
    with program.site(getattr(program, bundle.upper())) as site:
        site.start("Thursday")
        program.success(site)
        site.executor.run_tasks(site.work)
        site.deploy(program.BEFORE)
        site.finish()
        assert program.row(site, "Thursday")[2] == f"EUR {loads}000.00"


def test_a_clear_keeps_the_commit_unless_told_otherwise(program: ModuleType) -> None:
    with program.site(program.GIT) as site:
        site.start("Thursday")
        site.finish()
        site.deploy(program.AFTER)
        first, last = site.repository.commits
        for latest, commit in ((False, first), (True, last)):
            site.airflow.clear("nightly", "Thursday", on_latest_version=latest)
            assert site.airflow.rows("select bundle_version from dag_run") == [(commit,)]


@pytest.mark.parametrize(("latest", "loads"), [(False, 1), (True, 2)])
def test_a_clear_on_the_latest_version_brings_the_rename_into_a_pinned_run(
    program: ModuleType, latest: bool, loads: int
) -> None:
    with program.site(program.GIT) as site:
        site.start("Thursday")
        site.finish()
        site.deploy(program.AFTER)
        site.airflow.clear("nightly", "Thursday", "fct_revenue_daily", on_latest_version=latest)
        site.scheduler.tick()
        site.finish()
        assert program.row(site, "Thursday")[2] == f"EUR {loads}000.00"


@pytest.mark.parametrize("tasks", [[], ["fct_revenue_daily"]], ids=["all", "one"])
def test_after_a_rename_it_leaves_a_run_in_flight_without_the_new_task(
    program: ModuleType, tasks: list[str]
) -> None:
    with program.site(program.GIT) as site:
        site.start("Thursday")
        program.success(site)
        site.airflow.clear("nightly", "Thursday", *tasks, on_latest_version=True)
        site.finish()
        site.scheduler.tick()
        last = site.repository.commits[-1]
        assert run_of(site) == ("failed", last)
        assert "load_shop_orders" not in site.states("Thursday")


@pytest.mark.parametrize(("ended", "fixed"), [(True, True), (False, False)])
def test_a_mend_without_a_new_structure_gets_into_a_run_only_when_it_has_ended(
    program: ModuleType, ended: bool, fixed: bool
) -> None:
    with program.site(program.GIT) as site:
        load(site, to_the_end=ended)
        site.deploy(program.BEFORE.replace("[100]", "[101]"))
        site.airflow.clear("nightly", "Thursday", on_latest_version=True)
        site.scheduler.tick()
        site.finish()
        assert run_of(site) == ("success", site.repository.commits[fixed])
        assert (101 in site.raw_orders["Thursday"]) is fixed


@pytest.mark.parametrize("ended", [True, False])
def test_queueing_new_tasks_moves_the_run_to_the_latest_commit(
    program: ModuleType, ended: bool
) -> None:
    with program.site(program.GIT) as site:
        load(site, to_the_end=ended)
        site.deploy(program.AFTER)
        assert run_of(site)[1] == site.repository.commits[0]
        site.airflow.queue_new_tasks("nightly", "Thursday")
        site.scheduler.tick()
        site.finish()
        assert run_of(site) == ("success", site.repository.commits[1])
        assert program.row(site, "Thursday")[2] == "EUR 2000.00"


def run_of(site: object) -> tuple[str, str]:
    (found,) = site.airflow.rows("select state, bundle_version from dag_run")
    return tuple(found)


@pytest.mark.parametrize(
    ("of_the_dag", "option", "latest"),
    [(None, None, False), (None, "True", True), (True, "False", True), (False, "True", False)],
)
def test_the_rest_api_asks_the_dag_then_the_option_and_the_command_neither(
    program: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    of_the_dag: bool | None,
    option: str | None,
    latest: bool,
) -> None:
    from airflow.api_fastapi.common.dagbag import resolve_run_on_latest_version
    from airflow.cli.cli_parser import get_parser

    chosen = f"schedule=None, rerun_with_latest_version={of_the_dag}"
    for name in ("BEFORE", "AFTER"):
        source = getattr(program, name).replace("schedule=None", chosen)
        monkeypatch.setattr(program, name, source)
    with program.site(program.GIT) as site:
        if option:
            monkeypatch.setenv("AIRFLOW__CORE__RERUN_WITH_LATEST_VERSION", option)
        site.start("Thursday")
        site.finish()
        site.deploy(program.AFTER)
        with site.airflow.session() as session:
            assert resolve_run_on_latest_version(None, "nightly", session) is latest
        command = get_parser().parse_args(["tasks", "clear", "nightly", "--yes"])
        command.func(command)
        assert run_of(site) == ("queued", site.repository.commits[0])


@pytest.mark.parametrize(
    ("was", "now", "versions"),
    [("[100] * 10", "[101] * 10", 1), ("load_orders", "load_shop_orders", 2)],
)
def test_a_commit_without_a_new_structure_takes_over_the_version(
    program: ModuleType, was: str, now: str, versions: int
) -> None:
    with program.site(program.GIT) as site:
        site.start("Thursday")
        site.finish()
        site.deploy(program.BEFORE.replace(was, now))
        stored = site.airflow.rows("select bundle_version from dag_version order by created_at")
        assert stored == [(commit,) for commit in site.repository.commits[-versions:]]


@pytest.mark.parametrize(("bundle", "state"), [("folder", "removed"), ("git", "up_for_retry")])
def test_a_task_that_was_removed_is_not_retried(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch, bundle: str, state: str
) -> None:
    for name in ("BEFORE", "AFTER"):
        source = getattr(program, name).replace("@task\n", "@task(retries=3)\n")
        monkeypatch.setattr(program, name, source)
    with program.site(getattr(program, bundle.upper())) as site:
        site.start("Thursday")
        (load,) = site.executor.running
        program.running(site)
        site.executor.lose_task(load)
        site.scheduler.tick()
        assert site.states("Thursday")["load_orders"] == state


def test_what_is_queued_when_a_bad_file_comes_still_ends(program: ModuleType) -> None:
    with program.site(program.GIT) as site:
        site.start("Thursday")
        site.deploy(program.BEFORE.replace("airflow.sdk", "airflow.sdl"))
        site.finish()
        assert site.states("Thursday") == {"load_orders": "success", "fct_revenue_daily": None}


@pytest.mark.parametrize("config", ["FOLDER", "GIT"])
def test_a_bad_file_hides_its_dag_and_turns_nothing_red(
    program: ModuleType, page: Words, config: str
) -> None:
    page.says(
        "No run and no task turns red: the Dag vanishes from the list, an import error appears"
    )
    with program.site(getattr(program, config)) as site:
        site.start("Thursday")
        site.executor.run_tasks(site.work)
        assert listed(site) == ["nightly"]
        site.deploy(program.BEFORE.replace("airflow.sdk", "airflow.sdl"))
        site.finish()
        assert listed(site) == []
        ((error,),) = site.airflow.rows("select stacktrace from import_error")
        assert "No module named 'airflow.sdl'" in error
        assert run_of(site)[0] == "running"
        assert site.states("Thursday") == {"load_orders": "success", "fct_revenue_daily": None}


def listed(site: object) -> list[str]:
    """Ask for the list of Dags with the filter that the UI's own list begins with."""
    from airflow.api_fastapi.common.parameters import _ExcludeStaleFilter
    from airflow.models import DagModel
    from sqlalchemy import select

    with site.airflow.session() as session:
        stated = _ExcludeStaleFilter.depends().to_orm(select(DagModel.dag_id))
        return list(session.scalars(stated))


GATE = "import airflow  # of each dag\n{}raise SystemExit('the gate ran')\n"
RAN = [("gate.py",)]


@pytest.mark.parametrize(
    ("subdir", "condition", "errors"),
    [
        (True, "", []),
        (False, "", RAN),
        (False, "if __name__ == '__main__': ", []),
    ],
    ids=["subdir", "no subdir", "no subdir, but the condition"],
)
def test_airflow_takes_the_gate_for_a_dag_file_unless_it_looks_elsewhere(
    program: ModuleType, page: Words, subdir: bool, condition: str, errors: list
) -> None:
    page.says("the Dag processor would then run your Dags, and report an import error")
    config = program.GIT if subdir else program.GIT.replace('"subdir": "dags",', "")
    with program.site(config) as site:
        repository = site.repository
        (repository.folder / "gate.py").write_text(GATE.format(condition))
        repository.git("add", "gate.py")
        site.deploy(program.AFTER)
        assert site.airflow.rows("select filename from import_error") == errors
        assert listed(site) == ["nightly"]


def test_a_retry_that_waits_keeps_the_time_at_which_its_task_began(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BEFORE", "AFTER"):
        source = getattr(program, name).replace("@task\n", "@task(retries=1)\n")
        monkeypatch.setattr(program, name, source)
    with program.site(program.FOLDER) as site:
        site.start("Thursday")
        assert load_of(site) == ("queued", False)
        (load,) = site.executor.running
        site.executor.start_task(load)
        site.work(load, slice(5))
        site.executor.lose_task(load)
        site.scheduler.tick()
        assert load_of(site) == ("up_for_retry", True)
        site.airflow.later(minutes=10)
        site.scheduler.tick()
        site.scheduler.tick()
        assert load_of(site) == ("queued", True)
        site.deploy(program.AFTER)
        site.finish()
        assert program.row(site, "Thursday") == ("removed", "success", "EUR 1500.00")


def load_of(site: object) -> tuple[str, bool]:
    """Read the load's state, and whether it has ever begun."""
    query = "select state, start_date is not null from task_instance where task_id = 'load_orders'"
    (found,) = site.airflow.rows(query)
    return tuple(found)


@pytest.mark.parametrize("moves", ["a clear", "new tasks"])
def test_the_number_of_clears_tells_whether_the_run_was_moved(
    program: ModuleType, page: Words, moves: str
) -> None:
    page.says("did a clear move the run to it (`clear_number` above 0)?")
    with program.site(program.GIT) as site:
        load(site, to_the_end=True)
        site.deploy(program.AFTER)
        number = "select clear_number from dag_run"
        assert site.airflow.rows(number) == [(0,)]
        if moves == "a clear":
            site.airflow.clear("nightly", "Thursday", on_latest_version=True)
        else:
            site.airflow.queue_new_tasks("nightly", "Thursday")
        assert run_of(site)[1] == site.repository.commits[1]
        assert site.airflow.rows(number) == [(1,)]


@pytest.mark.parametrize(
    ("change", "ended", "step", "commit", "states"),
    [
        ("added", False, "nothing", 1, LOADED),
        ("added", False, "latest", 2, LOADED),
        ("added", True, "latest", 2, LOADED | {"notify": "success"}),
        ("added", False, "new tasks", 2, LOADED | {"notify": "success"}),
        ("added", True, "new tasks", 2, LOADED | {"notify": "success"}),
        ("dropped", False, "nothing", 1, LOADED),
        ("dropped", False, "latest", 2, LOADED | {"fct_revenue_daily": "removed"}),
        ("dropped", True, "latest", 2, LOADED | {"fct_revenue_daily": "removed"}),
        ("arrow", False, "nothing", 1, LOADED),
        ("arrow", False, "latest", 2, LOADED),
        ("arrow", True, "latest", 2, LOADED),
    ],
)
def test_what_brings_a_commit_into_a_pinned_run(
    program: ModuleType, change: str, ended: bool, step: str, commit: int, states: dict
) -> None:
    with program.site(program.GIT) as site:
        load(site, to_the_end=ended)
        site.deploy(changed(program, change))
        if step == "latest":
            site.airflow.clear("nightly", "Thursday", on_latest_version=True)
        elif step == "new tasks":
            site.airflow.queue_new_tasks("nightly", "Thursday")
        site.scheduler.tick()
        site.finish()
        assert run_of(site) == ("success", site.repository.commits[commit - 1])
        assert site.states("Thursday") == states
        loads = 1 + (step == "latest")  # a clear runs the load again, and nothing else does
        assert sum(site.raw_orders["Thursday"]) == loads * 1000


def test_after_such_a_clear_in_flight_queueing_new_tasks_finds_none(program: ModuleType) -> None:
    with program.site(program.GIT) as site:
        load(site, to_the_end=False)
        site.deploy(changed(program, "added"))
        site.airflow.clear("nightly", "Thursday", "load_orders", on_latest_version=True)
        site.airflow.queue_new_tasks("nightly", "Thursday")
        site.scheduler.tick()
        site.finish()
        assert run_of(site) == ("success", site.repository.commits[1])
        assert site.states("Thursday") == LOADED


def test_without_its_arrow_a_task_starts_at_once(program: ModuleType) -> None:
    with program.site(program.GIT) as site:
        load(site, to_the_end=True)
        site.deploy(changed(program, "arrow"))
        site.airflow.clear("nightly", "Thursday", on_latest_version=True)
        site.scheduler.tick()
        assert set(site.states("Thursday").values()) == {"queued"}


def test_from_a_folder_a_task_that_is_added_joins_the_run_and_loads_nothing_twice(
    program: ModuleType,
) -> None:
    with program.site(program.FOLDER) as site:
        load(site, to_the_end=False)
        site.deploy(changed(program, "added"))
        site.finish()
        assert site.states("Thursday") == LOADED | {"notify": "success"}
        assert sum(site.raw_orders["Thursday"]) == 1000


def test_airflow_reads_the_option_as_it_is_pasted(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.configuration import AirflowConfigParser
    from airflow.dag_processing.bundles import manager

    monkeypatch.setenv("AIRFLOW_CONN_DAGS_REPOSITORY", '{"conn_type": "git", "host": "/srv/dags"}')
    found = {}
    for config in (program.FOLDER, program.GIT):
        parser = AirflowConfigParser()
        parser.read_string(config)
        monkeypatch.setattr(manager, "conf", parser)
        found |= {
            bundle.name: bundle for bundle in manager.DagBundlesManager().get_all_dag_bundles()
        }
    folder, git = found["dags-folder"], found["dags-git"]
    assert (folder.supports_versioning, folder.refresh_interval) == (False, 300)
    assert (git.supports_versioning, git.refresh_interval) == (True, 60)
    assert (git.tracking_ref, git.repo_url) == ("main", "/srv/dags")


def test_the_folder_that_is_pasted_is_the_default(program: ModuleType) -> None:
    from airflow.configuration import conf

    default = conf.get_default_value("dag_processor", "dag_bundle_config_list")
    assert json.loads(default) == program.entries(program.FOLDER)


def test_an_option_with_two_letters_changed_places_still_counts(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.sdk.configuration import conf

    assert conf.getint("workers", "missing_dag_retries") == 3
    monkeypatch.setenv("AIRFLOW__WORKERS__MISSING_DAG_RETIRES", "7")
    with pytest.warns(DeprecationWarning, match="missing_dag_retires"):
        assert conf.getint("workers", "missing_dag_retries") == 7


def test_pausing_lets_what_runs_go_on_and_nothing_follow(program: ModuleType) -> None:
    with program.site(program.FOLDER) as site:
        site.start("Thursday")
        site.airflow.pause("nightly")
        site.finish()
        assert site.states("Thursday") == {"load_orders": "success", "fct_revenue_daily": None}


def test_the_repair_on_the_card_loads_the_day_once(program: ModuleType, page: Words) -> None:
    page.says(
        "delete the whole day, clear `load_shop_orders` and downstream, and only then unpause"
    )
    with program.site(program.FOLDER) as site:
        site.start("Thursday")
        program.running(site)
        site.airflow.pause("nightly")
        site.finish()
        assert program.row(site, "Thursday") == ("removed", "success", "EUR 1500.00")
        del site.raw_orders["Thursday"]
        site.airflow.clear("nightly", "Thursday", "load_shop_orders", "fct_revenue_daily")
        site.scheduler.tick()
        site.finish()
        assert site.raw_orders == {}  # a clear alone moves nothing, since the Dag is paused
        site.airflow.unpause("nightly")
        site.scheduler.tick()
        site.finish()
        assert program.row(site, "Thursday") == ("removed", "success", "EUR 1000.00")
        assert run_of(site)[0] == "success"


def test_unpaused_before_the_clear_the_next_task_reads_an_empty_day(program: ModuleType) -> None:
    with program.site(program.FOLDER) as site:
        site.start("Thursday")
        program.running(site)
        site.airflow.pause("nightly")
        site.finish()
        del site.raw_orders["Thursday"]
        site.airflow.unpause("nightly")
        site.scheduler.tick()
        states = site.states("Thursday")
    assert (states["load_shop_orders"], states["fct_revenue_daily"]) == ("success", "queued")


def test_the_api_has_a_run_s_commit_and_not_its_number_of_clears(page: Words) -> None:
    from airflow.api_fastapi.core_api.datamodels.dag_run import DAGRunResponse
    from airflow.api_fastapi.core_api.routes.public.dag_run import clear_dag_run
    from airflow.api_fastapi.core_api.routes.public.task_instances import post_clear_task_instances

    page.says("This answer has no `clear_number`")
    assert "bundle_version" in DAGRunResponse.model_fields
    assert "clear_number" not in DAGRunResponse.model_fields
    for endpoint in (clear_dag_run, post_clear_task_instances):  # an event has the name of its own
        page.says(f"`{endpoint.__name__}`")


@pytest.mark.parametrize(("config", "pinned"), [("FOLDER", False), ("GIT", True)])
def test_the_query_on_the_card_tells_the_two_apart(
    program: ModuleType, config: str, pinned: bool
) -> None:
    page = Path(__file__).parents[4] / "docs" / f"{CHAPTER}.md"
    (query,) = re.findall(r"```sql\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    with program.site(getattr(program, config)) as site:
        site.start("Thursday")
        program.success(site)
        rows = site.airflow.rows(query.replace("<run id>", "Thursday").rstrip(";\n"))
        assert {bundle_version is not None for _, _, bundle_version, *_ in rows} == {pinned}
        assert ("removed" in {state for *_, state, _ in rows}) is not pinned


def changed(program: ModuleType, change: str) -> str:
    """Return the Dag with a task added at its end, without its last task, or without its arrow."""
    before, arrow = program.BEFORE, "load_orders() >> fct_revenue_daily()"
    task = "@task\ndef notify():\n    return []\n\n@dag("
    return {
        "added": before.replace("@dag(", task).replace(arrow, f"{arrow} >> notify()"),
        "dropped": before.replace(arrow, "load_orders()"),
        "arrow": before.replace(arrow, "load_orders(), fct_revenue_daily()"),
    }[change]


def load(site: object, to_the_end: bool) -> None:
    """Have Thursday's orders loaded, and the rest of the run with them or still to come."""
    site.start("Thursday")
    site.executor.run_tasks(site.work)
    if to_the_end:
        site.scheduler.tick()
        site.finish()
