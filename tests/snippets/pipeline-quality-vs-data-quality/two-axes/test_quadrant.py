from types import ModuleType


def last_frame(program: ModuleType, shop: str, worker: str) -> dict:
    (run,) = [run for run in program.simulation["runs"] if run["choice"] == [shop, worker]]
    return run["frames"][-1]


def shown(frame: dict) -> tuple[str, str]:
    pipeline, data, *_ = frame["rows"]
    return pipeline["cells"][0]["text"], data["cells"][0]["text"]


def marked(frame: dict) -> list[tuple[str, str]]:
    *_, well, sick = frame["rows"]
    return [
        (row["label"], cell["text"])
        for row in (well, sick)
        for cell in row["cells"]
        if cell["state"] == "marked"
    ]


def test_bug_is_real(program: ModuleType) -> None:
    lost = last_frame(program, "as usual", "dies after the commit")
    swapped = last_frame(program, "EUR/USD swapped", "as usual")
    assert shown(lost) == ("sick", "right")
    assert shown(swapped) == ("well", "wrong")


def test_fix_holds(program: ModuleType) -> None:
    wakes = {
        tuple(run["choice"]): run["frames"][-1]["facts"]["Wakes"]
        for run in program.simulation["runs"]
    }
    assert wakes["as usual", "as usual"] == "nobody"
    assert wakes["as usual", "dies after the commit"] == "nobody; a ticket"
    assert wakes["EUR/USD swapped", "as usual"] == "data's owner"
    assert wakes["as usual", "dies before it"] == "pipeline's owner"


def test_second_delivery_is_late_and_right(program: ModuleType) -> None:
    late = last_frame(program, "delivered again", "as usual")
    assert shown(late) == ("sick", "right")
    assert late["facts"]["Figure"] == "€1,000.00"


def test_saturday_is_told_hour_by_hour(program: ModuleType) -> None:
    saturday = list(program.frames(program.start("delivered again", "dies after the commit")))
    assert [shown(frame) for frame in saturday] == [
        ("not due yet", "not due yet"),
        ("sick", "not due yet"),
        ("sick", "right"),
    ]
    assert saturday[-1]["log"][:2] == ["03:40, the load commits", "03:40, the worker dies"]


def test_every_night_ends_in_the_quadrant_of_its_lights(program: ModuleType) -> None:
    for run in program.simulation["runs"]:
        *before, last = run["frames"]
        pipeline, data = shown(last)
        assert marked(last) == [(f"Pipeline {pipeline}", f"data {data}")]
        assert not any(marked(frame) for frame in before)


def test_every_quadrant_is_reached_and_every_choice_there(program: ModuleType) -> None:
    runs = program.simulation["runs"]
    assert len({tuple(run["choice"]) for run in runs}) == len(program.SHOP) * len(program.WORKER)
    assert {shown(run["frames"][-1]) for run in runs} == set(program.WAKES)


def test_nobody_is_woken_before_the_data_is_due(program: ModuleType) -> None:
    for run in program.simulation["runs"]:
        assert {frame["facts"]["Wakes"] for frame in run["frames"][:-1]} == {"nobody yet"}


def test_two_nights_keep_the_pipeline_light_on_and_one_of_them_is_wrong(
    program: ModuleType,
) -> None:
    ends = [shown(run["frames"][-1]) for run in program.simulation["runs"]]
    assert sorted(end for end in ends if end[0] == "well") == [("well", "right"), ("well", "wrong")]
