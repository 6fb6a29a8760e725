"""A program of Airflow's is denied the clock and the rest; what Airflow itself does is not."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from testbed import forks
from testbed.denied import CLOCK, FOLDER, SLEEP, SOCKET

NIGHT = """
import datetime, socket, time

from airflow.sdk import dag, task


@task
def load_orders() -> None:
{}


@dag(schedule=None)
def nightly() -> None:
    load_orders()


night = nightly()
if __name__ == "__main__":
    print(night.test().state)
"""
BODY = 9  # the line on which the task's body begins
WAYS = {
    "datetime.datetime.now(datetime.UTC)": f"{CLOCK} (datetime.now)",
    "time.monotonic()": f"{CLOCK} (time.monotonic)",
    "time.sleep(0.01)": f"{SLEEP} (time.sleep)",
    "socket.create_connection(('127.0.0.1', 9))": f"{SOCKET} (socket.getaddrinfo)",
    "open('orders.csv', 'w')": f"{FOLDER} (open orders.csv)",
}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return tmp_path / "night_airflow.py"


def test_a_task_is_stopped_even_where_it_hides_that(program: Path) -> None:
    tries = "".join(f"try: {way}\nexcept BaseException: pass\n" for way in WAYS)
    program.write_text(NIGHT.format(indent(tries, "    ")))
    ended = forks.run(program, deny=True)
    said = [line.partition("; ")[0] for line in ended.stderr.splitlines()]
    wanted = [f"{program}:{BODY + 2 * n}: {what}" for n, what in enumerate(WAYS.values())]
    assert (ended.returncode, said) == (1, wanted)


def test_what_airflow_does_is_not(program: Path) -> None:
    program.write_text(NIGHT.format("    print('loaded')"))
    ended = forks.run(program, deny=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.split() == ["loaded", "success"]
