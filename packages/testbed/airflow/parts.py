"""A live Airflow of one's own, each part of which can be stopped while the others go on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGCONT, SIGSTOP, Signals
from typing import Any

import psutil

from testbed.airflow.live import Components, Stack
from testbed.postgres import OWNER, Server, migrated
from testbed.supervisor import supervised

WORKERS = "workers"  # of the LocalExecutor: the scheduler starts them
AGAIN = 0.2  # seconds after which a question is asked again


class Parts(Stack):
    """A running Airflow that nobody else uses, with a hand on its processes and its tables."""

    def __init__(self, stack: Stack, server: Server, components: Components) -> None:
        """Know a stack by its database and by what has started it."""
        super().__init__(stack.home, stack.url)
        self.server, self.components = server, components

    @contextmanager
    def stopped(self, part: str) -> Iterator[None]:
        """Stop all processes of a part until the end of the block.

        part: a component by the name of its command, such as `dag-processor`, or `workers`, which
        are all that the scheduler has started.
        """
        self.signal(part, SIGSTOP)
        try:
            yield
        finally:
            self.signal(part, SIGCONT)

    def signal(self, part: str, number: Signals) -> None:
        """Send a signal to every process of a part."""
        for process in self.processes(part):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def processes(self, part: str) -> list[psutil.Process]:
        """List the processes of a part."""
        component = "scheduler" if part == WORKERS else part
        supervisor = psutil.Process(self.components.supervisor.process.pid)
        oldest_first = sorted(supervisor.children(), key=psutil.Process.create_time)
        main = oldest_first[self.components.started.index(component)]
        if part == "scheduler":
            return [main]
        below = main.children(recursive=True)
        return below if part == WORKERS else [main, *below]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read from Airflow's tables, whether or not the API server answers."""
        import psycopg2  # only Airflow's environment has it

        connection = psycopg2.connect(host=str(self.server.home), user=OWNER, dbname="airflow")
        try:
            cursor = connection.cursor()
            cursor.execute(query)
            return cursor.fetchall()
        finally:
            connection.close()


@contextmanager
def parts(*programs: Path, **options: object) -> Iterator[Parts]:
    """Run all of Airflow with the Dags of these programs and no others until the block ends.

    options: of Airflow, as in `dag_processor__refresh_interval=1`.
    """
    with migrated() as server, supervised("parts-") as supervisor:
        components = Components(supervisor, server.url("airflow"), list(programs), options)
        yield Parts(components.start_all(), server, components)


def seen(questions: dict[str, Callable[[], object]], quiet: float) -> tuple[dict[str, bool], float]:
    """Ask until each answer has been yes once, or none has become yes for so many seconds.

    It returns what was answered with yes, and the longest time in seconds without a new yes.
    """
    last, longest = time.monotonic(), 0.0
    answers = dict.fromkeys(questions, False)
    while not all(answers.values()) and time.monotonic() - last < quiet:
        for name in [name for name, yes in answers.items() if not yes]:
            if questions[name]():
                longest = max(longest, time.monotonic() - last)
                answers[name], last = True, time.monotonic()
        time.sleep(AGAIN)
    return answers, longest
