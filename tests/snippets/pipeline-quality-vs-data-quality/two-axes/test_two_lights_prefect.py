from types import ModuleType


def test_bug_is_real(program: ModuleType) -> None:
    nights = {}
    for night in program.NIGHTS:
        state = program.run_in_one(night)
        nights[night] = (state, in_the_table(program) == (10, 1000))
    assert nights == {"report lost": ("FAILED", True), "swapped": ("FAILED", False)}


def in_the_table(program: ModuleType) -> tuple[int, int]:
    return program.open_warehouse().execute("select count(*), sum(eur) from orders").fetchone()


def test_fix_holds(program: ModuleType) -> None:
    lost, swapped = program.NIGHTS
    assert program.run_apart(lost) == ("FAILED", "COMPLETED")
    assert program.run_apart(swapped) == ("COMPLETED", "FAILED")


def test_each_light_has_a_deployment_and_an_hour(program: ModuleType) -> None:
    made = program.deployments()
    assert {one.flow_name: one.schedules[0].schedule.cron for one in made} == {
        "revenue": "12 3 * * *",
        "revenue-is-right": "0 6 * * *",
    }
