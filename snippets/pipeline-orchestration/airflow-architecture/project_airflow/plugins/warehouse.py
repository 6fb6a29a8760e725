"""How Airflow reaches the warehouse: a hook that opens it, and an operator that runs SQL in it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from airflow.sdk import BaseHook, BaseOperator, Context


# --8<-- [start:hook]
class WarehouseHook(BaseHook):
    """Opens the database that a connection leads to."""

    def __init__(self, conn_id: str = "warehouse") -> None:
        """Remember the connection's name; its secrets are looked up when they are needed."""
        super().__init__()
        self.conn_id = conn_id

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give a connection whose work is kept as a whole, or not at all."""
        file = self.get_connection(self.conn_id).host
        with closing(sqlite3.connect(file, timeout=60)) as connection, connection:
            yield connection


# --8<-- [end:hook]
# --8<-- [start:operator]
class WarehouseOperator(BaseOperator):
    """Runs statements for one day, as one transaction."""

    template_fields = ("day",)  # Airflow fills these in just before `execute`

    def __init__(self, *, statements: list[str], day: str, **kwargs: object) -> None:
        """Take what is written in the Dag file; nothing is opened here."""
        super().__init__(**kwargs)
        self.statements = statements
        self.day = day

    def execute(self, context: Context) -> None:
        """Do the work; a worker calls this, once for each attempt."""
        with WarehouseHook().transaction() as connection:
            for statement in self.statements:
                connection.execute(statement, {"day": self.day})


# --8<-- [end:operator]
