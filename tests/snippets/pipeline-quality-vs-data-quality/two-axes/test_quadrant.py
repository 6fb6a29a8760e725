from types import ModuleType


def run_of(program: ModuleType, shop: str, worker: str) -> dict:
    (run,) = [run for run in program.simulation["runs"] if run["choice"] == [shop, worker]]
    return run


def shown(run: dict) -> tuple[str, ...]:
    """Both lights, as they are drawn on the axis."""
    return tuple(event["text"].partition(": ")[2] for event in run["events"])


def marked(frame: dict) -> list[tuple[str, str]]:
    return [
        (row["label"], cell["text"])
        for row in frame["rows"]
        for cell in row["cells"]
        if cell["state"] == "marked"
    ]


def test_bug_is_real(program: ModuleType) -> None:
    assert shown(run_of(program, "as usual", "dies after the commit")) == ("sick", "right")
    assert shown(run_of(program, "columns swapped", "as usual")) == ("well", "wrong")


def test_fix_holds(program: ModuleType) -> None:
    first = {
        tuple(run["choice"]): run["frames"][-1]["facts"]["Acts first"]
        for run in program.simulation["runs"]
    }
    assert first["as usual", "as usual"] == "nobody"
    assert first["as usual", "dies after the commit"] == "a ticket"
    assert first["columns swapped", "as usual"] == "data's owner"
    assert first["as usual", "dies before the commit"] == "pipeline's owner"


def test_late_delivery_is_sick_and_right(program: ModuleType) -> None:
    late = run_of(program, "delivered late", "as usual")
    assert shown(late) == ("sick", "right")
    assert late["frames"][-1]["facts"] == {"Figure": "€1,000.00", "Acts first": "a ticket"}
    assert "03:40, the run ends in success" in late["frames"][2]["log"]


def test_two_faults_are_one_sick_and_wrong_night(program: ModuleType) -> None:
    both = run_of(program, "columns swapped", "dies after the commit")
    assert shown(both) == ("sick", "wrong")
    assert both["frames"][-1]["facts"]["Acts first"] == "pipeline's owner"


def test_every_night_ends_in_the_quadrant_of_its_lights(program: ModuleType) -> None:
    for run in program.simulation["runs"]:
        *before, last = run["frames"]
        pipeline, data = shown(run)
        assert marked(last) == [(f"Pipeline {pipeline}", f"data {data}")]
        assert not any(marked(frame) for frame in before)


def test_every_quadrant_is_reached_and_every_choice_there(program: ModuleType) -> None:
    runs = program.simulation["runs"]
    assert len({tuple(run["choice"]) for run in runs}) == len(program.SHOP) * len(program.WORKER)
    assert {shown(run) for run in runs} == set(program.ACTS_FIRST)


def test_who_acts_first_is_open_until_the_data_is_due(program: ModuleType) -> None:
    for run in program.simulation["runs"]:
        assert {frame["facts"]["Acts first"] for frame in run["frames"][:-1]} == {"open"}


def test_each_question_has_the_answer_of_its_night(program: ModuleType) -> None:
    for run in program.simulation["runs"]:
        asked = run["frames"][0]["question"]
        [right] = [answer["text"] for answer in asked["answers"] if answer.get("right")]
        pipeline, data = shown(run)
        assert right == f"Pipeline {pipeline}, data {data}"
        assert all(choice in asked["asks"] for choice in run["choice"])


def test_wrong_guess_is_told_only_what_it_is_wrong_about(program: ModuleType) -> None:
    late = run_of(program, "delivered late", "as usual")["frames"][0]["question"]
    because = {answer["text"]: answer["because"] for answer in late["answers"]}
    run, table = (
        "The run ended in success at 03:40, and it was due at 03:30.",
        "At 06:10 the table held €1,000.00, and the ledger €1,000.00.",
    )
    assert because == {
        "Pipeline well, data right": run,
        "Pipeline well, data wrong": f"{run} {table}",
        "Pipeline sick, data right": f"{run} {table}",
        "Pipeline sick, data wrong": table,
    }
