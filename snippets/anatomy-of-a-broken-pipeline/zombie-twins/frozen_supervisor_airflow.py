"""Freeze a supervisor and its task works on: both attempts charge the customers."""

import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from typing import NamedTuple

from airflow.sdk import dag, get_current_context, task

from testbed.airflow.live import Stack, stack

BATCH = 1000  # ten customers at EUR 100.00
RETRY = {"retries": 1, "retry_delay": timedelta(seconds=1)}
POLLS = 1500  # five a second: how long an attempt works before it gives up


class Sink:
    """The payment service: its own database, out of Airflow's reach."""

    def __init__(self, home: Path, batch: str) -> None:
        """Open the sink for one batch of charges."""
        self.path, self.batch = home / "sink.db", batch
        self.do("create table if not exists started (batch, attempt, id, supervisor)")
        self.do("create table if not exists words (batch, word)")
        self.do("create table if not exists reached (batch, attempt)")
        self.do("create table if not exists fence (batch primary key, attempt)")
        self.do("create table if not exists charges (batch, attempt, eur)")

    def do(self, statement: str, *values: object) -> list[tuple]:
        """Run one statement as one transaction."""
        with closing(sqlite3.connect(self.path, timeout=60)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def wait_for(self, word: str) -> None:
        """Stand for long work: end when somebody gives the word."""
        said = "select * from words where batch = ? and word = ?"
        for _ in range(POLLS):
            if self.do(said, self.batch, word):
                return
            time.sleep(0.2)
        raise TimeoutError(f"nobody said {word}")

    def say(self, word: str) -> None:
        """Give the word."""
        self.do("insert into words values (?, ?)", self.batch, word)

    # --8<-- [start:bug]
    def claim_nothing(self, attempt: int) -> None:
        """Trust the orchestrator that nobody else is at work."""

    def charge(self, attempt: int) -> None:
        """Charge the batch."""
        self.do("insert into charges values (?, ?, ?)", self.batch, attempt, BATCH)

    # --8<-- [end:bug]
    # --8<-- [start:fix]
    def claim(self, attempt: int) -> None:
        """Shut every older attempt out, before any work is done."""
        self.do(
            """insert into fence values (?, ?) on conflict (batch)
               do update set attempt = max(attempt, excluded.attempt)""",
            *(self.batch, attempt),
        )

    def charge_fenced(self, attempt: int) -> None:
        """Charge the batch if no newer attempt has claimed it."""
        self.do(
            """insert into charges select batch, attempt, ? from fence
               where batch = ? and attempt = ?""",
            *(BATCH, self.batch, attempt),
        )

    # --8<-- [end:fix]


def attempt(claim: Callable, charge: Callable) -> None:
    """Claim, work, charge, and work on."""
    this = get_current_context()["ti"]
    sink = Sink(Path(os.environ["AIRFLOW_HOME"]), this.dag_id)
    claim(sink, this.try_number)
    supervisor = os.getppid()  # the process that sends our heartbeats
    row = (sink.batch, this.try_number, str(this.id), supervisor)
    sink.do("insert into started values (?, ?, ?, ?)", *row)
    sink.wait_for("charge")
    charge(sink, this.try_number)
    sink.do("insert into reached values (?, ?)", sink.batch, this.try_number)
    sink.wait_for(f"end {this.try_number}")


@dag(schedule=None)
def charge_customers() -> None:
    """Charge, as written."""

    @task(**RETRY)
    def charge() -> None:
        attempt(Sink.claim_nothing, Sink.charge)

    charge()


@dag(schedule=None)
def charge_customers_fenced() -> None:
    """Charge, with a claim at the sink."""

    @task(**RETRY)
    def charge() -> None:
        attempt(Sink.claim, Sink.charge_fenced)

    charge()


DAGS = [charge_customers(), charge_customers_fenced()]


class Night(NamedTuple):
    """What Airflow shows of a run, what the attempts did, what the old one was told."""

    run: str
    tries: list[tuple[int, str]]
    reached: list[int]
    charges: list[int]
    answer: int


# --8<-- [start:freeze]
def freeze(live: Stack, dag_id: str) -> Night:
    """Stop the supervisor of the first attempt until the run is over."""
    sink = Sink(live.home, dag_id)
    run = live.trigger(dag_id)
    first, supervisor = live.wait_for("attempt 1", lambda: started(sink, 1))
    os.kill(supervisor, SIGSTOP)  # its child, the task, runs on
    live.wait_for("attempt 2", lambda: started(sink, 2))
    sink.say("charge")
    live.wait_for("both charges", lambda: attempts(sink, "reached") == [1, 2])
    sink.say("end 2")
    live.wait_for("success", lambda: live.run_state(dag_id, run) == "success")
    os.kill(supervisor, SIGCONT)
    heartbeat = f"/execution/task-instances/{first}/heartbeat"
    live.wait_for("a refusal", lambda: live.answers(heartbeat)[-1] >= 400)
    return Night(
        run=live.run_state(dag_id, run),
        tries=live.tries(dag_id, run, "charge"),
        reached=attempts(sink, "reached"),
        charges=attempts(sink, "charges"),
        answer=live.answers(heartbeat)[-1],
    )


# --8<-- [end:freeze]


def freeze_both(live: Stack) -> list[Night]:
    """Have the same night with both pipelines at once."""
    with ThreadPoolExecutor() as threads:
        return list(threads.map(lambda pipeline: freeze(live, pipeline.dag_id), DAGS))


def started(sink: Sink, number: int) -> tuple[str, int] | None:
    """Return id and supervisor of an attempt, once it is at work."""
    query = "select id, supervisor from started where batch = ? and attempt = ?"
    return next(iter(sink.do(query, sink.batch, number)), None)


def attempts(sink: Sink, table: str) -> list[int]:
    """List the attempts that got as far as this table."""
    query = f"select attempt from {table} where batch = ? order by 1"
    return [number for (number,) in sink.do(query, sink.batch)]


if __name__ == "__main__":
    with stack(Path(__file__)) as live:
        nights = freeze_both(live)
    for pipeline, night in zip(DAGS, nights, strict=True):
        print(f"{pipeline.dag_id}: run {night.run}")
        for number, state in night.tries:
            charged = BATCH * night.charges.count(number)
            print(f"  try {number}  {state:<9}charged EUR {charged:.2f}")
        print(f"  then try 1 sent a heartbeat and was told {night.answer}")
