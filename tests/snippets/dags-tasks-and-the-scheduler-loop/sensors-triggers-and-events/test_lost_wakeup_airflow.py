from types import ModuleType

from testbed.airflow.installation import Installation


def test_bug_is_real(program: ModuleType, airflow: Installation) -> None:
    night = program.Night(airflow, program.load_what_the_run_was_told)
    night.burst()
    assert (night.seen(), night.revenue()) == ((1, 5, 1), "EUR 200.00")


def test_fix_holds(program: ModuleType, airflow: Installation) -> None:
    night = program.Night(airflow, program.load_what_is_there)
    night.burst()
    assert (night.seen(), night.revenue()) == ((1, 5, 1), "EUR 1000.00")


def test_the_run_is_told_of_the_first_event(program: ModuleType, airflow: Installation) -> None:
    night = program.Night(airflow, program.load_what_the_run_was_told)
    night.burst()
    assert night.loaded == {"orders_1.csv"}


def test_a_later_event_brings_the_other_four(program: ModuleType, airflow: Installation) -> None:
    night = program.Night(airflow, program.load_what_the_run_was_told)
    night.burst()
    night.nudge()
    assert (night.seen(), night.revenue()) == ((2, 6, 6), "EUR 1000.00")


def test_events_apart_are_not_lost(program: ModuleType, airflow: Installation) -> None:
    night = program.Night(airflow, program.load_what_the_run_was_told)
    for file in program.FILES:
        airflow.create_event("raw_orders", {"file": file})
        night.tick(times=2)
    assert (night.seen(), night.revenue()) == ((5, 5, 5), "EUR 1000.00")
