"""What the recording says, which the test of all recordings makes again on a live Airflow."""

from pathlib import Path
from types import ModuleType

import pytest
from airflow.sdk.api.client import API_RETRIES, Client
from airflow.sdk.execution_time.supervisor import MAX_FAILED_HEARTBEATS, MIN_HEARTBEAT_INTERVAL

STOPPED = {
    "nothing": ["none of them"],
    "API server": [
        "the UI and the REST API answer",
        "a run is created by hand",
        "the log of a task is shown",
        "the end of a task is recorded",
        "the next task starts",
    ],
    "scheduler": ["a run that is due is created", "the next task starts"],
    "workers": ["the end of a task is recorded", "the next task starts"],
    "Dag processor": ["a new Dag file is read"],
    "triggerer": ["a waiting task is woken"],
}


@pytest.fixture
def recorded(program: ModuleType) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in Path(program.__file__).with_suffix(".out").read_text().splitlines()[1:]:
        name = line[:15].strip() or name
        found.setdefault(name, []).append(line[15:])
    return found


def test_bug_is_real(recorded: dict[str, list[str]]) -> None:
    """A picture of Airflow 2 has workers that write to the database and a scheduler that parses."""
    assert "the end of a task is recorded" in recorded["API server"]
    assert "a new Dag file is read" not in recorded["scheduler"]


def test_fix_holds(recorded: dict[str, list[str]]) -> None:
    assert recorded == STOPPED


def test_each_part_stops_something_of_its_own(recorded: dict[str, list[str]]) -> None:
    assert all(recorded[part] != ["none of them"] for part in STOPPED if part != "nothing")


def test_the_page_says_how_long_the_api_server_may_be_away() -> None:
    """Between the attempts at a request a worker waits, at random, up to a doubling limit."""
    wait = Client.request.retry.wait
    longest = [wait.multiplier * wait.exp_base**n for n in range(API_RETRIES - 1)]
    assert (API_RETRIES, MAX_FAILED_HEARTBEATS, MIN_HEARTBEAT_INTERVAL) == (5, 3, 5)
    assert (wait.min * len(longest), sum(longest)) == (4, 15)
    first, last = wait.min * len(longest), sum(longest) + MIN_HEARTBEAT_INTERVAL
    assert [MAX_FAILED_HEARTBEATS * one for one in (first, last)] == [12, 60]
