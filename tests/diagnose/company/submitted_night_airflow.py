"""Tasks that hand a job to another system, which is a file here, and end without it."""

import os
import time
from datetime import timedelta
from pathlib import Path

from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
from airflow.sdk import BaseOperator, dag


class Submit(BaseOperator):
    """Submit a job, and end it if Airflow calls `on_kill`."""

    def execute(self, context: object) -> None:
        note("submitted")
        self.watch()

    def watch(self) -> None:
        """Lose the connection to the other system."""
        raise ConnectionResetError("connection reset by peer")

    def on_kill(self) -> None:
        note("ended")


class SubmitAndDefer(Submit):
    """Leave the watching to the triggerer, for twenty minutes."""

    def watch(self) -> None:
        trigger = TimeDeltaTrigger(timedelta(hours=1))
        self.defer(trigger=trigger, method_name="done", timeout=timedelta(minutes=20))


class SubmitAndPoll(Submit):
    """Watch the job for longer than the task may take."""

    def watch(self) -> None:
        time.sleep(9)


def note(what: str) -> None:
    """Write down what the other system was asked."""
    with Path(os.environ["JOBS"]).open("a") as jobs:
        print(what, file=jobs)


@dag(schedule=None, default_args={"retries": 1})
def nightly() -> None:
    """Submit the same job in three ways."""
    Submit(task_id="watched")
    SubmitAndDefer(task_id="deferred")
    SubmitAndPoll(task_id="polled", execution_timeout=timedelta(seconds=0.1))


nightly()
