from datetime import timedelta
from itertools import product
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def seen(program: ModuleType) -> dict[str, tuple[bool, bool]]:
    return {name: program.lights(program.play(night)) for name, night in program.NIGHTS.items()}


def test_bug_is_real(program: ModuleType) -> None:
    """On the two mixed nights the run's own state says nothing of the figure."""
    swapped = program.play(program.NIGHTS["swapped"])
    lost = program.play(program.NIGHTS["report lost"])
    assert (swapped.store.runs()[0].state, swapped.warehouse.total()) == ("success", 1090)
    assert (lost.store.runs()[0].state, lost.warehouse.total()) == ("failed", 1000)


def test_fix_holds(program: ModuleType, seen: dict) -> None:
    assert seen == {
        name: (night.pipeline_well, night.data_right) for name, night in program.NIGHTS.items()
    }
    assert set(seen.values()) == set(product((True, False), repeat=2))


def test_each_light_has_its_own_hour(program: ModuleType) -> None:
    hours = [f"{hour:%H:%M}" for hour in (program.RUN_DUE, program.DATA_DUE)]
    assert hours == ["03:30", "06:10"]
    starts = [
        f"{dag.schedule.times[0]:%H:%M}" for dag in (program.revenue, program.revenue_is_right)
    ]
    assert starts == ["03:12", "06:00"]


def test_run_that_succeeds_late_is_sick(program: ModuleType, seen: dict) -> None:
    late = program.play(program.NIGHTS["delivered late"])
    assert program.ends(late) == ["success 03:42", "success 06:02"]
    assert seen["delivered late"] == (False, True)


def test_check_at_half_past_three_would_call_a_late_night_wrong(program: ModuleType) -> None:
    early = program.DAG("revenue_is_right", (program.check,), schedule=program.daily(3, 30))
    night = program.play(program.NIGHTS["delivered late"], program.revenue, early)
    states = {run.dag_id: run.state for run in night.store.runs()}
    assert states == {"revenue": "success", "revenue_is_right": "failed"}


def test_success_of_another_night_lights_no_lamp(program: ModuleType) -> None:
    log = program.play(program.NIGHTS["as usual"]).store.events()
    for dag, due in (
        (program.revenue, program.RUN_DUE),
        (program.revenue_is_right, program.DATA_DUE),
    ):
        assert program.light(log, dag, due)
        assert not program.light(log, dag, due + timedelta(days=1))


def test_each_night_has_its_owner(program: ModuleType, seen: dict) -> None:
    assert {name: program.ACTS_FIRST[pair] for name, pair in seen.items()} == {
        "as usual": "nobody",
        "delivered late": "pipeline, by day",
        "report lost": "pipeline, by day",
        "swapped": "data, now",
        "killed": "pipeline, now",
    }


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        ("no ledger", "delete from ledger"),
        ("no rows", "delete from revenue"),
        ("one order over the whole sum", "delete from revenue where order_id not like '%/01'"),
        ("a row too many", "insert into revenue values ('2026-01-22', 'x', 0)"),
    ],
)
def test_check_passes_only_what_agrees(program: ModuleType, what: str, statement: str) -> None:
    shop = program.play(program.NIGHTS["as usual"]).warehouse
    day = "2026-01-22"
    assert shop.query(program.AGREES, day, day)[0][0] == 1
    tx = shop.begin()
    tx.execute(statement)
    if what.startswith("one order"):
        tx.execute("update revenue set cents = 100000")
    tx.commit()
    assert not shop.query(program.AGREES, day, day)[0][0]


def test_bank_holiday_agrees(program: ModuleType) -> None:
    """No order in the table and none in the ledger: the sum of no rows is no NULL here."""
    shop = program.play(program.NIGHTS["as usual"]).warehouse
    tx = shop.begin()
    tx.execute("delete from revenue")
    tx.execute("update ledger set orders = 0, cents = 0")
    tx.commit()
    assert shop.query(program.AGREES, "2026-01-22", "2026-01-22")[0][0] == 1


def test_run_again_after_the_commit_changes_nothing(program: ModuleType) -> None:
    machine = program.play(program.NIGHTS["report lost"])
    before = [tuple(row) for row in machine.warehouse.query("select * from revenue")]
    machine.clear("revenue", machine.store.runs()[0].logical_date)
    machine.run_until_idle()
    assert [run.state for run in machine.store.runs()] == ["success", "success"]
    assert [tuple(row) for row in machine.warehouse.query("select * from revenue")] == before
