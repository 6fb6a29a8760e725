import os
import re
import runpy
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from airflow.dag_processing.dagbag import BundleDagBag
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset
from airflow.sdk.exceptions import AirflowException

from testbed.airflow.bundles import released
from testbed.sandbox import ROOT, SNIPPETS

CHAPTER = runpy.run_path(
    str(SNIPPETS / "dags-tasks-and-the-scheduler-loop/what-a-dag-promises/hidden_edge.py")
)


def arrows(graph: str) -> set[str]:
    return {f"{before} -> {after}" for before, after in CHAPTER[graph]}


def test_bug_is_real(program: ModuleType) -> None:
    assert program.edges(program.as_drawn()) == arrows("BEFORE")


def test_fix_holds(program: ModuleType) -> None:
    assert program.edges(program.with_edge()) == arrows("AFTER")


def test_of_three_that_name_the_result_one_waits_for_it(program: ModuleType) -> None:
    dag = program.audits()
    in_words = dag.get_task("in_an_f_string").bash_command
    assert "xcom_pull(task_ids='load_rates'" in in_words, "what Airflow makes of a result in text"
    assert program.edges(dag) == {"load_rates -> handed_over"}


def test_env_alone_takes_away_the_path_on_which_the_command_is(
    program: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "audit").write_text('#!/bin/sh\necho "audited $1"\n')
    (tmp_path / "audit").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    task = program.audits().get_task("handed_over")
    task.env = {"TABLE": "raw_rates"}  # what is rendered before the task runs
    assert task.execute({}) == "audited raw_rates"
    task.append_env = False
    with pytest.raises(AirflowException, match="exit code 127"):
        task.execute({})


def test_inlets_and_outlets_draw_no_arrow(program: ModuleType) -> None:
    table = Asset("raw_rates")
    with DAG("nightly", schedule=None) as dag:
        program.load_rates.override(outlets=[table])()
        BashOperator(task_id="reads", bash_command="true", inlets=[table])
    assert program.edges(dag) == set()


def test_the_check_finds_what_no_path_puts_in_order(program: ModuleType) -> None:
    reads = CHAPTER["reads"](CHAPTER["TASKS"])
    assert program.missing(program.as_drawn(), reads) == {("load_rates", "fct_revenue_daily")}
    assert program.missing(program.with_edge(), reads) == set()
    far = [("load_orders", "publish_dashboard")]
    assert program.missing(program.as_drawn(), far) == set(), "a path is enough"


def test_the_unit_test_on_the_page_fails_without_the_arrow(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.test_a_path_leads_from_each_writer_to_its_readers()
    monkeypatch.setattr(program, "nightly", program.as_drawn)
    with pytest.raises(AssertionError):
        program.test_a_path_leads_from_each_writer_to_its_readers()


CYCLE = """
dag = as_drawn()
dag.get_task("publish_dashboard") >> dag.get_task("load_orders")
"""


def test_a_cycle_is_found_when_the_file_is_parsed_and_the_dag_does_not_load(
    program: ModuleType, tmp_path: Path
) -> None:
    good = Path(program.__file__).read_text() + "dag = with_edge()\n"
    (tmp_path / "nightly.py").write_text(good)
    assert list(BundleDagBag(tmp_path, bundle_path=tmp_path).dags) == ["nightly"]
    (tmp_path / "nightly.py").write_text(good + CYCLE)
    bag = BundleDagBag(tmp_path, bundle_path=tmp_path)
    [error] = bag.import_errors.values()
    assert "AirflowDagCycleException: Cycle detected in Dag: nightly" in error
    assert not bag.dags


GIT = "airflow.providers.git.bundles.git.GitDagBundle"


def bundle(repository: Path) -> dict:
    return {"classpath": GIT, "kwargs": {"repo_url": str(repository), "tracking_ref": "main"}}


def test_a_run_from_git_that_is_cleared_has_the_arrow_only_in_the_latest_version(
    program: ModuleType,
) -> None:
    code = Path(program.__file__).read_text()
    pair = ("load_rates", "fct_revenue_daily")
    with released(bundle, f"{code}dag = as_drawn()\n") as (airflow, repository):
        scheduler = airflow.scheduler()
        for run in ("own", "latest"):
            airflow.create_run("nightly", None, run)
        while scheduler.tick():
            scheduler.executor.run_tasks(lambda _: None)
        assert airflow.states("dag_run") == {"success": 2}
        repository.release(f"{code}dag = with_edge()\n")
        airflow.parse()
        airflow.clear("nightly", "own", *pair)
        airflow.clear("nightly", "latest", *pair, on_latest_version=True)
        scheduler.tick()
        assert {(key.run_id, key.task_id) for key in scheduler.executor.running} == {
            ("own", "load_rates"),
            ("own", "fct_revenue_daily"),
            ("latest", "load_rates"),
        }


@pytest.mark.parametrize("of_the_dag", [True, False])
def test_the_dag_or_the_option_may_ask_for_the_latest_version(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch, of_the_dag: bool
) -> None:
    from airflow.api_fastapi.common.dagbag import resolve_run_on_latest_version

    code = Path(program.__file__).read_text()
    if of_the_dag:
        code = code.replace("(schedule=None)", "(schedule=None, rerun_with_latest_version=True)")
    with (
        released(bundle, f"{code}dag = as_drawn()\n") as (airflow, _),
        airflow.session() as session,
    ):
        assert resolve_run_on_latest_version(None, "nightly", session) is of_the_dag
        monkeypatch.setenv("AIRFLOW__CORE__RERUN_WITH_LATEST_VERSION", "True")
        assert resolve_run_on_latest_version(None, "nightly", session)


ORDERS_AND_RATES = """
with stg_orders (day, currency, amount) as
    (values ('2026-02-20', 'EUR', 100.0), ('2026-02-20', 'GBP', 80.0)),
raw_rates (day, currency, per_eur) as (values ('2026-02-19', 'GBP', 0.8), ('{}', 'GBP', 0.8))
"""


def test_the_revenues_query_runs_in_postgresql(program: ModuleType) -> None:
    select = CHAPTER["REVENUE"].partition("fct_revenue_daily")[2].replace(":day", "'2026-02-20'")
    with released(bundle, Path(program.__file__).read_text()) as (airflow, _):
        for rates_of, eur in (("2026-02-20", 200), ("2026-02-18", 100)):
            [[day, figure]] = airflow.rows(ORDERS_AND_RATES.format(rates_of) + select)
            assert (day, figure) == ("2026-02-20", eur)


PAGE = ROOT / "docs/dags-tasks-and-the-scheduler-loop/what-a-dag-promises.md"


def test_the_cards_queries_show_who_ended_too_late_and_the_gap_of_each_night(
    program: ModuleType,
) -> None:
    card = PAGE.read_text().partition("{ #card }")[2]
    [fence] = re.findall(r"```sql\n(.*?)```", card.partition("\n## ")[0], re.S)
    of_one_run, of_each_night = fence.split(";\n", 1)
    code = Path(program.__file__).read_text()
    ran = "update task_instance set start_date = {}, end_date = {} where {} returning 1"
    with released(bundle, f"{code}dag = as_drawn()\n") as (airflow, _):
        for run, starts, ends in (
            ("friday", "03:24:10", "03:25:10"),
            ("saturday", "03:14:10", "03:15:10"),
        ):
            airflow.create_run("nightly", None, run)
            night = f"run_id = '{run}' and task_id = "
            at = "timestamptz '2026-02-21 {}'".format
            airflow.rows(ran.format(at("03:12"), at("03:16"), night + "'load_rates'"))
            airflow.rows(ran.format(at(starts), at(ends), night + "'fct_revenue_daily'"))
        rates, revenue, *_ = airflow.rows(of_one_run.replace("<run id>", "saturday"))
        assert (rates[0], revenue[0]) == ("load_rates", "fct_revenue_daily"), "by their start"
        assert rates[2] > revenue[1], "the writer ended after the reader had started"
        gaps = {"friday": timedelta(minutes=8, seconds=10), "saturday": timedelta(seconds=-110)}
        assert dict(airflow.rows(of_each_night)) == gaps
