from types import ModuleType

import pytest

MIDNIGHTS = [
    ("2026-03-12", "23:59"),
    ("2026-03-13", "00:00"),
    ("2026-03-13", "23:59"),
    ("2026-03-14", "00:00"),
]
FRIDAY_RELOADED = [(order, f"2026-03-13 1{order}:30", 100) for order in range(10)]


def test_bug_is_real(program: ModuleType) -> None:
    night = program.run_night(program.load_orders, program.NIGHTS["files moved"])
    assert night == ("success", "success", "EUR 0.00")


@pytest.mark.parametrize(
    ("night", "figure"),
    [("old file", "EUR 0.00"), ("half lost", "EUR 500.00"), ("evening lost", "EUR 800.00")],
)
def test_bug_has_other_faces(program: ModuleType, night: str, figure: str) -> None:
    judged = program.run_night(program.load_orders, program.NIGHTS[night])
    assert judged == ("success", "success", figure)


@pytest.mark.parametrize("night", ["files moved", "old file", "half lost", "evening lost"])
def test_fix_holds(program: ModuleType, night: str) -> None:
    load, publish, _ = program.run_night(program.load_orders_asserted, program.NIGHTS[night])
    assert (load, publish) == ("failed", "upstream_failed")


def test_counting_what_was_added_stops_two_of_the_four(program: ModuleType) -> None:
    bad = [night for night in program.NIGHTS if night != "10 orders"]
    judged = {
        night: program.run_night(program.load_orders_counted, program.NIGHTS[night])[0]
        for night in bad
    }
    assert len(bad) == 4
    assert [night for night in bad if judged[night] == "failed"] == ["files moved", "half lost"]


def test_each_condition_catches_what_the_other_does_not(program: ModuleType) -> None:
    half, evening = program.NIGHTS["half lost"][0], program.NIGHTS["evening lost"][0]
    assert len(half) < 8 <= len(evening)
    assert max(half)[1] >= f"{program.DAY} 18:00" > max(evening)[1]


@pytest.mark.parametrize(
    ("night", "condition"),
    [
        ("files moved", "rows"),
        ("old file", "rows"),
        ("half lost", "rows"),
        ("evening lost", "ends"),
    ],
)
def test_the_page_says_which_condition_stops_which_friday(
    program: ModuleType, night: str, condition: str
) -> None:
    *_, told = program.run_night(program.load_orders_asserted, program.NIGHTS[night])
    assert condition in told


def test_the_effect_is_found_by_an_index_and_ends_at_midnight(program: ModuleType) -> None:
    warehouse, asked = program.open_warehouse(), []
    warehouse.execute("create index raw.by_time on orders (event_time)")
    edges = [(n, f"{day} {time}", 100) for n, (day, time) in enumerate(MIDNIGHTS)]
    program.load_orders(warehouse, [edges])
    warehouse.set_trace_callback(asked.append)
    assert program.effect_on(warehouse, program.DAY) == (2, "23:59")
    warehouse.set_trace_callback(None)
    [(*_, plan)] = warehouse.execute(f"explain query plan {asked[0]}")
    assert "USING" in plan
    assert "by_time (event_time>? AND event_time<?)" in plan


def test_good_night_is_unchanged(program: ModuleType) -> None:
    night = ("success", "success", "EUR 1000.00")
    assert program.run_night(program.load_orders, [program.FRIDAY]) == night
    assert program.run_night(program.load_orders_asserted, [program.FRIDAY]) == night


def test_failed_load_leaves_nothing_behind(program: ModuleType) -> None:
    warehouse = program.open_warehouse()
    before = warehouse.execute("select * from raw.orders").fetchall()
    with pytest.raises(program.NoEffect):
        program.load_orders_asserted(warehouse, [program.THURSDAY])
    assert warehouse.execute("select * from raw.orders").fetchall() == before


def test_old_file_doubles_thursday_where_nothing_is_asserted(program: ModuleType) -> None:
    warehouse = program.open_warehouse()
    program.load_orders(warehouse, [program.THURSDAY])
    assert program.effect_on(warehouse, "2026-03-12").rows == 20


def test_an_older_day_can_be_loaded_after_a_newer_one(program: ModuleType) -> None:
    warehouse = program.open_warehouse()
    program.load_orders(warehouse, [[(99, "2026-03-14 19:00", 100)]])
    program.load_orders_asserted(warehouse, [program.FRIDAY])
    assert program.effect_on(warehouse, program.DAY).rows == 10


def test_a_day_that_is_replaced_passes_again(program: ModuleType) -> None:
    warehouse = program.open_warehouse()
    program.load_orders_asserted(warehouse, [program.FRIDAY])
    warehouse.execute("delete from raw.orders where date(event_time) = ?", [program.DAY])
    program.load_orders_asserted(warehouse, [FRIDAY_RELOADED])
    assert program.effect_on(warehouse, program.DAY).rows == 10
