import inspect
import re
from textwrap import dedent
from types import ModuleType

import pytest

from testbed.airflow.installation import Installation
from testbed.sandbox import ROOT

PAGE = ROOT / "docs" / "scheduler-deep-dive" / "one-tick.md"


def ages(program: ModuleType, airflow: Installation, turn: int) -> tuple[list[int], list[int]]:
    """The row's age before each heartbeat, and after it."""
    shown = [age for _, age in program.sawtooth(airflow, turn)]
    return shown[::2], shown[1::2]


def test_bug_is_real(program: ModuleType, airflow: Installation) -> None:
    before, _ = ages(program, airflow, 27)
    assert before == [27, 54, 54, 54, 54]  # over a threshold of 30


def test_the_row_is_one_heartbeat_behind(program: ModuleType, airflow: Installation) -> None:
    _, after = ages(program, airflow, 27)
    assert set(after) == {27}


@pytest.mark.parametrize("turn", [5, 10, 15])
def test_fix_holds(program: ModuleType, airflow: Installation, turn: int) -> None:
    before, _ = ages(program, airflow, turn)  # a turn of at most half of the threshold
    assert max(before) == 2 * turn <= 30


def test_it_beats_once_a_turn_however_long(program: ModuleType, airflow: Installation) -> None:
    scheduler = airflow.scheduler()
    scheduler.loop(lambda part: airflow.later(seconds=1), times=2)
    assert airflow.metrics["scheduler_heartbeat"] == 2


@pytest.mark.parametrize(("turn", "dead"), [(10, 0), (15, 0), (20, 10), (27, 24), (35, 35)])
def test_a_run_says_for_how_long_it_is_reported_dead(
    program: ModuleType, airflow: Installation, turn: int, dead: int
) -> None:
    (frame,) = program.run(turn, program.sawtooth(airflow, turn), 30)["frames"]
    assert frame["facts"]["Reported dead"] == f"{dead} of {turn} s"


def test_the_page_quotes_the_statements_of_the_installed_airflow() -> None:
    from airflow.jobs.job import Job

    lines, first = inspect.getsourcelines(Job.heartbeat)
    page = PAGE.read_text(encoding="utf-8")
    (quoted,) = re.findall(r"\.illustration \}\n(.+?)```", page, re.DOTALL)
    (line,) = re.findall(r"/job\.py#L(\d+)", page)
    quoted_there = lines[int(line) - first :][: quoted.count("\n")]
    assert dedent("".join(quoted_there)) == quoted


def test_the_option_does_not_pace_the_loop_whatever_its_description_says() -> None:
    from airflow.configuration import retrieve_configuration_description

    option = retrieve_configuration_description()["scheduler"]["options"]["scheduler_heartbeat_sec"]
    assert "how often the scheduler should run" in option["description"]
