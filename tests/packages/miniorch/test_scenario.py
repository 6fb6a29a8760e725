import json
from datetime import UTC, datetime, timedelta

import pytest

from miniorch import INCIDENT, Orchestrator, RunKind, TaskState, play, to_frames, to_lines
from miniorch.rules import TERMINAL
from miniorch.stock import CONDITIONS, TASKS
from tests.packages.miniorch.scenes import SCENES, Scenario, fault, loading


def scenario(*tasks: Scenario, actions: list[Scenario] | None = None, **dag: object) -> dict:
    return {
        "dags": [{"id": "shop", "tasks": list(tasks), **dag}],
        "actions": actions
        or [
            {"do": "trigger", "dag_id": "shop", "logical_date": "2026-03-14"},
            {"do": "run_until_idle"},
        ],
    }


def states(machine: Orchestrator) -> dict[str, TaskState]:
    return {ti.task_id: ti.state for ti in machine.store.task_instances()}


@pytest.mark.parametrize(("scene", "_"), SCENES.values(), ids=list(SCENES))
def test_a_scenario_is_json_and_gives_the_same_log_every_time(scene: Scenario, _: int) -> None:
    first, again, from_text = play(scene), play(scene), play(json.dumps(scene))
    assert first.store.events() == again.store.events() == from_text.store.events()


def test_a_full_dag_in_json() -> None:
    """extract -> load -> notify, with a sensor before, a retry and a rule."""
    machine = play(
        scenario(
            {"id": "land", "fn": "land"},
            {"id": "wait", "condition": "file_landed", "mode": "deferred", "priority": 3},
            {"id": "extract", "fn": "extract", "upstream": ["wait"], "pool": "default"},
            {
                "id": "load",
                "fn": "load",
                "upstream": ["extract"],
                "retry": {"retries": 2, "delay": 30, "retry_on": ["ConnectionError"]},
                "params": {"write": "upsert"},
            },
            {"id": "broken", "fn": "fail", "upstream": ["land"]},
            {"id": "notify", "fn": "notify", "upstream": ["load", "broken"],
             "trigger_rule": "all_done"},
        )
    )  # fmt: skip
    assert states(machine) == {
        "land": TaskState.SUCCESS,
        "wait": TaskState.SUCCESS,
        "extract": TaskState.SUCCESS,
        "load": TaskState.SUCCESS,
        "broken": TaskState.FAILED,
        "notify": TaskState.SUCCESS,
    }
    assert machine.warehouse.total() == 1000
    [policy] = [task.retry for task in machine.dags["shop"].tasks if task.id == "load"]
    assert (policy.retries, policy.delay, policy.retry_on) == (2, 30, (ConnectionError,))


def test_every_stock_task_and_condition_can_be_named() -> None:
    for name in TASKS:
        assert states(play(scenario({"id": "a", "fn": name})))["a"] in TERMINAL
    for name in CONDITIONS:
        waits = {"id": "a", "condition": name, "mode": "deferred"}
        assert states(play(scenario(waits, {"id": "b", "fn": "land"})))["a"] == TaskState.SUCCESS


def test_an_extract_that_finds_nothing_skips_what_follows() -> None:
    machine = play(
        {
            **scenario(
                {"id": "extract", "fn": "extract"},
                {"id": "load", "fn": "load", "upstream": ["extract"]},
                {"id": "skip", "fn": "skip"},
            ),
            "faults": [{"kind": "late_rows", "rows": 10, "seconds": 600}],
        }
    )
    assert set(states(machine).values()) == {TaskState.SKIPPED}


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ({"daily": "02:30", "tz": "Europe/Berlin", "dst": "airflow"}, ["28 01:30", "29 01:30"]),
        ({"daily": "02:30", "tz": "Europe/Berlin", "dst": "dagster"}, ["28 01:30", "29 01:00"]),
        (
            {
                "daily": "02:30",
                "tz": "Europe/Berlin",
                "dst": {"gap": "skip", "fold": "first"},
            },
            ["28 01:30"],
        ),
        ({"daily": "02:30"}, ["28 02:30", "29 02:30"]),
        ({"every": 86_400, "anchor": "2026-03-28T09:00"}, ["28 09:00", "29 09:00"]),
    ],
)
def test_schedules_in_json(schedule: Scenario, days: list[str]) -> None:
    machine = play(
        {
            "start": "2026-03-28",
            **scenario(
                {"id": "load", "fn": "load"},
                schedule=schedule,
                actions=[{"do": "run_until", "until": "2026-03-30"}],
            ),
        }
    )
    assert [f"{run.logical_date:%d %H:%M}" for run in machine.store.runs()] == days


def test_an_hourly_schedule_in_json() -> None:
    hourly = {"hourly": 0, "tz": "Europe/Berlin", "dst": "prefect"}
    machine = play(
        {
            "start": "2026-10-24T22:00+00:00",
            **scenario(
                {"id": "load", "fn": "load"},
                schedule=hourly,
                actions=[{"do": "run_until", "until": "2026-10-25T22:59+00:00"}],
            ),
        }
    )
    assert len(machine.store.runs()) == 24


def test_catch_up_from_a_start_in_json() -> None:
    machine = play(
        scenario(
            {"id": "load", "fn": "load"},
            schedule={"daily": "03:00"},
            start="2026-03-12",
            catchup=True,
            actions=[{"do": "run_until", "until": "2026-03-14T04:00+00:00"}],
        )
    )
    assert [run.logical_date.day for run in machine.store.runs()] == [12, 13, 14]


def test_all_that_people_do_in_json() -> None:
    machine = play(
        scenario(
            {"id": "load", "fn": "load"},
            actions=[
                {"do": "trigger", "dag_id": "shop", "logical_date": "2026-03-14"},
                {"do": "tick", "times": 2},
                {"do": "run_until_idle", "max_ticks": 50},
                {"do": "clear", "dag_id": "shop", "logical_date": "2026-03-14", "task_id": "load"},
                {"do": "advance", "seconds": 3600},
                {"do": "run_until_idle"},
                {
                    "do": "backfill",
                    "dag_id": "shop",
                    "dates": ["2026-03-13", "2026-03-14"],
                    "reprocess": "completed",
                    "max_active_runs": 1,
                },
                {"do": "run_until_idle"},
            ],
        )
    )
    assert machine.warehouse.total() == 4000, "two loads, then one of each day"
    assert {run.kind for run in machine.store.runs()} == {RunKind.BACKFILL}
    assert machine.clock.time - INCIDENT > timedelta(hours=1)


def test_a_date_is_in_utc_unless_it_says_otherwise() -> None:
    actions = [
        {"do": "trigger", "dag_id": "shop", "logical_date": "2026-03-14"},
        {"do": "trigger", "dag_id": "shop", "logical_date": "2026-03-15T00:00+01:00"},
    ]
    machine = play(scenario({"id": "load", "fn": "load"}, actions=actions))
    assert [run.logical_date for run in machine.store.runs()] == [
        datetime(2026, 3, 14, tzinfo=UTC),
        datetime(2026, 3, 14, 23, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"typo": 1}, "typo"),
        ({"settings": {"worker": 4}}, "worker"),
        ({"faults": [{"kind": "crsh"}]}, "crsh"),
        ({"faults": [{**fault("crash", "half"), "attempts": 2}]}, "attempts"),
        ({"actions": [{"do": "dance"}]}, "dance"),
        ({"dags": [{"id": "shop", "tasks": [], "scedule": {}}]}, "scedule"),
        ({"dags": [{"id": "shop", "tasks": [{"id": "a", "fn": "lod"}]}]}, "lod"),
        ({"dags": [{"id": "shop", "tasks": [{"id": "a", "fn": "load", "retries": 1}]}]}, "retries"),
        ({"dags": [{"id": "shop", "tasks": [], "schedule": {"weekly": 1}}]}, "weekly"),
    ],
)
def test_what_a_scenario_does_not_know_is_an_error_that_names_it(
    change: Scenario, word: str
) -> None:
    with pytest.raises((TypeError, ValueError, KeyError), match=word):
        play({**loading(), **change})


def test_frames_and_lines_come_from_the_log_alone() -> None:
    events = play(loading()).store.events()
    assert to_frames(events) == to_frames(list(events))
    assert len(to_lines(events)) == len(events)
