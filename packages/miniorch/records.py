"""The rows of the metadata database, as read: copies, so the row may have moved on since."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from .rules import RunState, TaskState


class RunKind(StrEnum):
    """Why a run exists."""

    SCHEDULED = "scheduled"
    MANUAL = "manual"
    BACKFILL = "backfill"


@dataclass(frozen=True)
class Run:
    """One run of a DAG."""

    dag_id: str
    run_id: str
    logical_date: datetime
    kind: RunKind
    state: RunState
    max_active: int  # how many of this DAG and kind may run at once
    clear_number: int

    @property
    def lane(self) -> tuple[str, bool]:
        """What max_active counts together: a DAG's backfill runs, or all its others."""
        return self.dag_id, self.kind is RunKind.BACKFILL

    @classmethod
    def read(cls, row: sqlite3.Row) -> Run:
        """From a row of `dag_run`."""
        typed = {
            "logical_date": datetime.fromisoformat(row["logical_date"]),
            "kind": RunKind(row["kind"]),
            "state": RunState(row["state"]),
        }
        return cls(**{**dict(row), **typed})


@dataclass(frozen=True)
class TaskInstance:
    """One task of one run, whichever attempt it is at."""

    dag_id: str
    run_id: str
    task_id: str
    logical_date: datetime
    state: TaskState
    attempt: int  # 0 before the first
    max_attempts: int
    worker: str | None
    heartbeat: datetime | None  # by the worker's clock
    retry_at: datetime | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the instance in every attempt."""
        return self.dag_id, self.run_id, self.task_id

    @classmethod
    def read(cls, row: sqlite3.Row) -> TaskInstance:
        """From a row of `task_instance`."""
        times = {
            name: datetime.fromisoformat(row[name]) if row[name] else None
            for name in ("logical_date", "heartbeat", "retry_at")
        }
        return cls(**{**dict(row), **times, "state": TaskState(row["state"])})


@dataclass(frozen=True)
class Event:
    """One line of the append-only log; what does not apply is empty."""

    seq: int
    at: datetime  # true time, whatever the nodes' clocks show
    kind: str
    dag_id: str
    run_id: str
    task_id: str
    attempt: int
    worker: str
    detail: dict[str, Any]

    @classmethod
    def read(cls, row: sqlite3.Row) -> Event:
        """From a row of `event_log`."""
        typed = {"at": datetime.fromisoformat(row["at"]), "detail": json.loads(row["detail"])}
        return cls(**{**dict(row), **typed})
