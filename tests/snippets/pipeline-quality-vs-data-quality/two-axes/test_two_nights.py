from types import ModuleType

from testbed.sandbox import ROOT

PAGE = ROOT / "docs/pipeline-quality-vs-data-quality/two-axes.md"
RATE, REVENUE, A_WEEK_BEFORE = 1.09, 398_688, 391_833  # tooling/course/nights.toml has the days


def test_bug_is_real(program: ModuleType) -> None:
    """Thursday is red and right, Friday is green and wrong."""
    thursday, friday = program.NIGHTS
    assert (thursday.well, thursday.right) == (False, True)
    assert (friday.well, friday.right) == (True, False)


def test_fix_holds(program: ModuleType) -> None:
    """Each light is drawn at its own hour, and shows what its own source says."""
    thursday, friday = (list(night.lights()) for night in program.NIGHTS)
    assert [light[1:] for light in thursday] == [
        ("03:30", "failed", "pipeline light off"),
        ("06:10", "done", "data light on"),
    ]
    assert [light[1:] for light in friday] == [
        ("03:30", "done", "pipeline light on"),
        ("06:10", "failed", "data light off"),
    ]


def test_every_time_of_the_story_is_the_machines(program: ModuleType) -> None:
    thursday, friday = ([bar[:3] for bar in night.bars()] for night in program.NIGHTS)
    assert thursday == [
        ("run", "03:12", "03:27"),
        ("run", "03:27", "03:41"),
        ("run", "04:57", "05:10"),
        ("table", "03:40", "06:10"),
    ]
    assert friday == [("run", "03:12", "03:25"), ("table", "03:25", "06:10")]


def test_second_run_commits_the_same_figure(program: ModuleType) -> None:
    thursday, _ = program.NIGHTS
    totals = [event.detail["total"] for event in thursday.machine.store.events("warehouse")]
    assert totals == ["1000.00", "1000.00"]


def test_scale_is_in_order_and_keeps_its_marks(program: ModuleType) -> None:
    assert [program.place(time) for time, _ in program.SCALE] == [at for _, at in program.SCALE]
    places = [program.place(time) for time in ("03:12", "03:30", "03:45", "04:57", "06:10")]
    assert places == sorted(places)


def test_damage_is_the_rate_times_the_day() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"€{REVENUE * RATE:,.2f}" in text
    assert f"€{REVENUE * (RATE - 1):,.2f}" in text
    assert f"{REVENUE * RATE / A_WEEK_BEFORE - 1:.0%}".replace("%", " %") + " above" in text
