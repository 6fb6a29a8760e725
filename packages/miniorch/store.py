"""The metadata database: the only state that schedulers and workers share.

Every change of state is a compare-and-set: the writer says what it believes, and is refused
when the row has moved on. Every change and every refusal is one line of the event log.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime

from .clock import FakeClock
from .model import DAG
from .records import Event, Run, RunKind, TaskInstance
from .rules import TRANSITIONS, RunState, TaskState

SCHEMA = """
create table dag_run (
    dag_id text, run_id text, logical_date text, kind text, state text,
    max_active integer, clear_number integer default 0,
    primary key (dag_id, run_id), unique (dag_id, logical_date));
create table task_instance (
    dag_id text, run_id text, task_id text, logical_date text, state text,
    attempt integer default 0, max_attempts integer,
    worker text, heartbeat text, retry_at text,
    primary key (dag_id, run_id, task_id));
create table event_log (
    seq integer primary key, at text, kind text, dag_id text, run_id text, task_id text,
    attempt integer, worker text, detail text);
"""
KEY = "dag_id = ? and run_id = ? and task_id = ?"


class IllegalTransition(Exception):
    """A change of state that the transition table does not know: a bug in the orchestrator."""


class MetadataStore:
    """Runs, task instances and the event log in SQLite."""

    def __init__(
        self, clock: FakeClock, path: str = ":memory:", compare_and_set: bool = True
    ) -> None:
        """Open an empty store. With `compare_and_set` off, a task's last writer wins."""
        self.clock = clock
        self.compare_and_set = compare_and_set
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(SCHEMA)

    def create_run(
        self, dag: DAG, logical_date: datetime, kind: RunKind, max_active: int
    ) -> Run | None:
        """Insert a run and its task instances; None if that date already has a run."""
        if logical_date.tzinfo is None:
            raise ValueError("a logical date needs a time zone")
        when = logical_date.astimezone(UTC).isoformat()
        run_id = f"{kind}__{when}"
        new = self._db.execute(
            "insert or ignore into dag_run values (?, ?, ?, ?, ?, ?, 0)",
            (dag.id, run_id, when, kind, RunState.QUEUED, max_active),
        ).rowcount
        if not new:
            return None
        for task_id in dag.order:
            self._db.execute(
                "insert into task_instance values (?, ?, ?, ?, ?, 0, ?, null, null, null)",
                (dag.id, run_id, task_id, when, TaskState.NONE, dag[task_id].retry.retries + 1),
            )
        run = self.run_on(dag.id, logical_date)
        self.log("run_created", run)
        return run

    def run_on(self, dag_id: str, logical_date: datetime) -> Run | None:
        """The DAG's run of that date, if there is one."""
        same = (r for r in self.runs() if (r.dag_id, r.logical_date) == (dag_id, logical_date))
        return next(same, None)

    def runs(self, *states: RunState) -> list[Run]:
        """Runs in any of the states (all, if none is named), oldest logical date first."""
        rows = self._db.execute("select * from dag_run order by logical_date, dag_id")
        return [Run.read(row) for row in rows if not states or row["state"] in states]

    def task_instances(self, *states: TaskState) -> list[TaskInstance]:
        """Task instances of all runs in any of the states (all, if none is named)."""
        rows = self._db.execute("select * from task_instance order by rowid")
        return [TaskInstance.read(row) for row in rows if not states or row["state"] in states]

    def tasks_of(self, run: Run) -> dict[str, TaskInstance]:
        """The run's task instances by task id, upstream first."""
        rows = self._db.execute(
            "select * from task_instance where dag_id = ? and run_id = ? order by rowid",
            (run.dag_id, run.run_id),
        )
        return {row["task_id"]: TaskInstance.read(row) for row in rows}

    def transition(self, ti: TaskInstance, to: TaskState, **changes: object) -> TaskInstance | None:
        """Move the row on, if it still is as `ti` says: the row after, or None if refused."""
        if to not in TRANSITIONS[ti.state]:
            raise IllegalTransition(f"{ti.task_id}: {ti.state} -> {to}")
        before = self._read(ti)
        columns = {"state": to, **changes}
        done = self._db.execute(
            f"update task_instance set {_assignments(columns)}"
            f" where {KEY} and (? or (state = ? and attempt = ?))",
            (*_values(columns), *ti.key, not self.compare_and_set, ti.state, ti.attempt),
        ).rowcount
        if not done:
            found = f"{before.state} #{before.attempt}"
            self.log("refused", ti, believed=ti.state, to=to, found=found)
            return None
        after = self._read(ti)
        self.log("state", after, was=before.state, to=to)
        return after

    def transition_run(self, run: Run, to: RunState, **changes: object) -> bool:
        """The same for a run, compared by its state alone; False if refused."""
        columns = {"state": to, **changes}
        done = self._db.execute(
            f"update dag_run set {_assignments(columns)}"
            " where dag_id = ? and run_id = ? and state = ?",
            (*_values(columns), run.dag_id, run.run_id, run.state),
        ).rowcount
        if done:
            self.log(f"run_{to}", run)
        return bool(done)

    def heartbeat(self, ti: TaskInstance, at: datetime) -> None:
        """Note that the attempt was alive at `at`; ignored when a newer one has begun."""
        self._db.execute(
            f"update task_instance set heartbeat = ? where {KEY} and attempt = ?",
            (at.isoformat(), *ti.key, ti.attempt),
        )

    def log(
        self, kind: str, about: Run | TaskInstance | None = None, worker: str = "", **detail: object
    ) -> None:
        """Append one event about a run, an attempt or, with neither, a node."""
        task = about if isinstance(about, TaskInstance) else None
        self._db.execute(
            "insert into event_log (at, kind, dag_id, run_id, task_id, attempt, worker, detail)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.clock.time.isoformat(),
                kind,
                about.dag_id if about else "",
                about.run_id if about else "",
                task.task_id if task else "",
                task.attempt if task else 0,
                worker,
                json.dumps(detail),
            ),
        )

    def events(self, *kinds: str) -> list[Event]:
        """The log from its start, or only the events of these kinds."""
        rows = self._db.execute("select * from event_log order by seq")
        events = [Event.read(row) for row in rows]
        return [event for event in events if not kinds or event.kind in kinds]

    def _read(self, ti: TaskInstance) -> TaskInstance:
        row = self._db.execute(f"select * from task_instance where {KEY}", ti.key).fetchone()
        return TaskInstance.read(row)


def _assignments(columns: dict[str, object]) -> str:
    return ", ".join(f"{name} = ?" for name in columns)


def _values(columns: dict[str, object]) -> list[object]:
    """As SQLite takes them: times as text."""
    return [v.isoformat() if isinstance(v, datetime) else v for v in columns.values()]
