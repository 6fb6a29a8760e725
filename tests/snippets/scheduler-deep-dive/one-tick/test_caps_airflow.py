import re
from types import ModuleType

import pytest

from testbed.airflow.installation import Installation
from testbed.sandbox import ROOT

PAGE = ROOT / "docs" / "scheduler-deep-dive" / "one-tick.md"
NUMBER = re.compile(r"`(\w+)`\s\((\d+)")  # behind the name of an option, or of a function


def test_bug_is_real(program: ModuleType, airflow: Installation) -> None:
    shops = [f"shop_{shop}" for shop in range(program.SHOPS)]
    airflow.pause(*shops)
    first, second, third = program.on_demand(airflow, turns=3)
    assert first == (20, 20, 16, 0)  # 25 were asked for
    assert second[:3] == (25, 20, 25)
    assert third[2] == 25


def test_fix_holds(program: ModuleType) -> None:
    with program.installation(scheduler__max_tis_per_query=0) as airflow:
        airflow.pause(*(f"shop_{shop}" for shop in range(program.SHOPS)))
        ((_, _, queued, _),) = program.on_demand(airflow, turns=1)
    assert queued == 20


def test_ten_dags_and_one_run_of_each(program: ModuleType, airflow: Installation) -> None:
    assert program.catch_up(airflow, turns=3) == [(10, 1), (20, 2), (30, 3)]


def test_runs_of_a_backfill_come_last(program: ModuleType, airflow: Installation) -> None:
    airflow.backfill("shop_0", program.DAYS["start_date"], program.DAYS["end_date"], "none")
    airflow.pause(*(f"shop_{shop}" for shop in range(1, program.SHOPS)))
    assert program.on_demand(airflow, turns=1)[0][0] == 20  # of 25, younger than the backfill
    assert airflow.states("dag_run", "run_type = 'backfill'") == {"queued": 5}


def test_it_sleeps_whenever_it_has_queued_nothing(
    program: ModuleType, airflow: Installation
) -> None:
    airflow.pause(*(f"shop_{shop}" for shop in range(program.SHOPS)))
    scheduler = airflow.scheduler()
    assert program.turn(scheduler)["sleep"] == 1
    airflow.create_run("by_hand", None, "one")
    assert program.turn(scheduler)["sleep"] == 0  # one task is queued
    assert program.turn(scheduler)["sleep"] == 1
    scheduler.executor.run_tasks(lambda key: None)
    assert len(scheduler.executor.event_buffer) == 1
    assert program.turn(scheduler)["sleep"] == 1  # an event that is read does not keep it awake
    assert not scheduler.executor.event_buffer


def test_the_defaults_are_those_of_the_page() -> None:
    from airflow.configuration import conf
    from airflow.jobs.scheduler_job_runner import MAX_PARTITION_DAG_RUNS_PER_LOOP

    said = dict(NUMBER.findall(PAGE.read_text(encoding="utf-8")))
    options = {name: number for name, number in said.items() if conf.has_option("scheduler", name)}
    assert len(options) == 4
    assert {name: conf.get("scheduler", name) for name in options} == options
    assert conf.getint("scheduler", "scheduler_health_check_threshold") == 30
    assert conf.getint("scheduler", "scheduler_heartbeat_sec") == 5
    assert conf.getfloat("scheduler", "orphaned_tasks_check_interval") == 300
    assert not conf.has_option("scheduler", "schedule_after_task_execution")
    assert not conf.getboolean("scheduler", "catchup_by_default")
    assert conf.getint("kubernetes_executor", "worker_pods_creation_batch_size") == 1
    assert MAX_PARTITION_DAG_RUNS_PER_LOOP == 500


def test_the_loop_reads_no_dag_file(
    program: ModuleType, airflow: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.dag_processing import dagbag

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a Dag file was read")

    monkeypatch.setattr(dagbag.DagBag, "__init__", refuse)
    assert program.catch_up(airflow, turns=1) == [(10, 1)]


def test_a_timer_runs_when_its_time_has_come(program: ModuleType, airflow: Installation) -> None:
    parts = []
    airflow.scheduler().loop(lambda part: parts.append(part.function) or airflow.later(seconds=99))
    assert parts.count("adopt_or_reset_orphaned_tasks") == 2
