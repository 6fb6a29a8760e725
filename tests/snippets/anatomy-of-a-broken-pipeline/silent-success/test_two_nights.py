from types import ModuleType

import pytest


def test_bug_is_real(program: ModuleType) -> None:
    """No file takes no time, and the run is green all the same."""
    assert program.load_seconds(0) == 4
    *_, said = program.night("14 March", 0)
    assert said == "14 March: load_orders takes 4 seconds; the run is green at 03:14."


def test_fix_holds(program: ModuleType) -> None:
    """Eleven files make the eleven minutes of an ordinary night."""
    *_, said = program.night("7 March", program.FILES)
    assert said == "7 March: load_orders takes 11 minutes; the run is green at 03:25."


def test_a_file_takes_about_a_minute(program: ModuleType) -> None:
    each = program.load_seconds(1) - program.load_seconds(0)
    assert each == pytest.approx(60, abs=1)
