"""A program of Airflow's is denied the clock and the rest; what Airflow itself does is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed.airflow import forks
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


print(nightly().test().state)
"""
LINE = 9  # of the task's body


@pytest.mark.parametrize(
    ("does", "what"),
    [
        ("datetime.datetime.now(datetime.UTC)", f"{CLOCK} (datetime.now)"),
        ("time.monotonic()", f"{CLOCK} (time.monotonic)"),
        ("time.sleep(0.01)", f"{SLEEP} (time.sleep)"),
        ("socket.create_connection(('127.0.0.1', 9))", f"{SOCKET} (socket.getaddrinfo)"),
        ("open('orders.csv', 'w')", f"{FOLDER} (open orders.csv)"),
    ],
)
def test_a_task_is_stopped(tmp_path: Path, does: str, what: str) -> None:
    program = tmp_path / "night_airflow.py"
    program.write_text(NIGHT.format(does))
    ended = forks.run(program, deny=True)
    assert ended.returncode
    assert ended.stderr.startswith(f"{program}:{LINE}: {what}; ")


def test_what_airflow_does_is_not(tmp_path: Path) -> None:
    program = tmp_path / "night_airflow.py"
    program.write_text(NIGHT.format("print('loaded')"))
    ended = forks.run(program, deny=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.split() == ["loaded", "success"]
