"""The nightly load, which asks for its connection."""

import os
from pathlib import Path

from airflow.sdk import Connection, dag, task


@dag(schedule=None)
def nightly() -> None:
    """Load."""

    @task
    def load_orders() -> None:
        """Ask, and write down what came of it."""
        answer = Path(os.environ["ANSWER"])
        try:
            answer.write_text(Connection.get("warehouse").host)
        except Exception as error:
            answer.write_text(str(error))
            raise

    load_orders()


nightly()
