"""Dagster's tables in PostgreSQL, as its own definitions make them, with what an instance wrote."""

from __future__ import annotations

from pathlib import Path

from dagster import DagsterInstance
from dagster._core.storage.event_log.schema import SqlEventLogStorageMetadata
from dagster._core.storage.runs.schema import RunStorageSqlMetadata
from dagster._core.storage.schedules.schema import ScheduleStorageSqlMetadata
from sqlalchemy import Connection, create_engine, inspect

from testbed.postgres import Server, running

METADATA = (SqlEventLogStorageMetadata, RunStorageSqlMetadata, ScheduleStorageSqlMetadata)
BOOKKEEPING = {"secondary_indexes"}  # of migrations; each file has its own


def one_log(home: Path) -> dict[str, object]:
    """Say that all runs' events go to one file, as they are in one table in PostgreSQL."""
    module, name = "dagster._core.storage.event_log", "ConsolidatedSqliteEventLogStorage"
    log = {"module": module, "class": name, "config": {"base_dir": str(home)}}
    return {"event_log_storage": log}


def ask(instance: DagsterInstance, query: str) -> list[tuple]:
    """Run a query on an instance's records as its Postgres storage holds them."""
    with running() as server, engine_of(server).begin() as postgres:
        for file in sorted(Path(instance.root_directory).rglob("*.db")):
            with create_engine(f"sqlite:///{file}").connect() as sqlite:
                copy(sqlite, postgres)
        cursor = postgres.connection.cursor()  # SQLAlchemy would read % and :
        cursor.execute(query)
        return cursor.fetchall()


def engine_of(server: Server):  # noqa: ANN201 - SQLAlchemy's
    """Make Dagster's tables in the server's only database."""
    engine = create_engine(server.url("postgres"))
    for metadata in METADATA:
        metadata.create_all(engine)
    return engine


def copy(sqlite: Connection, postgres: Connection) -> None:
    """Copy each of Dagster's tables that a file has."""
    there = inspect(sqlite).get_table_names()
    for table in (table for metadata in METADATA for table in metadata.sorted_tables):
        if table.name in there and table.name not in BOOKKEEPING:
            rows = [dict(row) for row in sqlite.execute(table.select()).mappings()]
            if rows:
                postgres.execute(table.insert(), rows)
