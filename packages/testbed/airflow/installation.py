"""An Airflow on PostgreSQL whose schedulers are ticked by hand; nothing runs by itself.

What Airflow keeps private and this drives is listed in `internals`. Where a new version moves a
part of it, everything here fails and names the part.
"""

from __future__ import annotations

import atexit
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, ClassVar
from unittest.mock import patch

from airflow import settings
from airflow._shared.observability.metrics import stats
from airflow._shared.observability.metrics.base_stats_logger import NoStatsLogger
from airflow._shared.timezones import timezone
from airflow.assets.manager import asset_manager
from airflow.dag_processing.bundles.base import unpack_bundle_version
from airflow.dag_processing.bundles.manager import DagBundlesManager
from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db
from airflow.models import DagModel, Pool
from airflow.models.asset import AssetModel
from airflow.models.backfill import ReprocessBehavior, _create_backfill
from airflow.models.serialized_dag import SerializedDagModel
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState
from airflow.utils.types import DagRunTriggeredByType, DagRunType
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from testbed.airflow.internals import CONNECTIONS, assert_internals_unchanged
from testbed.airflow.scheduler import Scheduler
from testbed.postgres import Server, migrated


class Counts(NoStatsLogger):
    """Airflow's counters, kept."""

    seen: ClassVar[Counter[str]] = Counter()

    @classmethod
    def incr(cls, stat: str, count: int = 1, *_: object, **__: object) -> None:
        """Add to a counter."""
        cls.seen[stat] += count


class Installation:
    """An Airflow without users: its database, the Dags of one file, and as many schedulers.

    metrics: Airflow's counters by name, since this installation began. ahead: by how much its clock
    is ahead of this machine's.
    """

    def __init__(self) -> None:
        self.metrics = Counts.seen
        self.metrics.clear()
        self.ahead = timedelta()

    def scheduler(self, parallelism: int = 32) -> Scheduler:
        """Add a scheduler; parallelism: how many tasks its executor may have at a time."""
        scheduler = Scheduler(parallelism, lambda: self.ahead.total_seconds())
        stats.initialize(factory=Counts, export_legacy_names=False)
        return scheduler

    def later(self, **passed: float) -> None:
        """Let time pass for Airflow, at once: `later(minutes=5)`, or what `timedelta` takes."""
        self.ahead += timedelta(**passed)

    def parse(self) -> None:
        """Read the Dags again, a minute later; an import error is stored, not raised."""
        self.later(minutes=1)  # Airflow stores a Dag once in half a minute at most
        parse_bundles()

    def create_pool(self, name: str, slots: int) -> None:
        """Add a pool, or give one that is there this many slots."""
        Pool.create_or_update_pool(name, slots=slots, description="", include_deferred=False)

    def pause(self, *dag_ids: str) -> None:
        """Pause Dags, as the switch in the list of Dags does."""
        self._switch(dag_ids, paused=True)

    def unpause(self, *dag_ids: str) -> None:
        """Let paused Dags go on, as the same switch does."""
        self._switch(dag_ids, paused=False)

    def _switch(self, dag_ids: tuple[str, ...], paused: bool) -> None:
        with self.session() as session:
            for dag in session.scalars(select(DagModel).where(DagModel.dag_id.in_(dag_ids))):
                dag.is_paused = paused

    def create_run(self, dag_id: str, logical_date: datetime | None, run_id: str) -> None:
        """Add a queued run of a Dag, as a click on Trigger does.

        logical_date: None for a run that stands for no date; with one, the run is due at it, and
        the date is the whole of its data interval.
        """
        point = (logical_date, logical_date) if logical_date else None
        with create_session() as session:
            SerializedDagModel.get_dag(dag_id, session=session).create_dagrun(
                run_id=run_id,
                logical_date=logical_date,
                data_interval=point,
                run_after=logical_date or datetime.now(UTC),  # the database has a clock of its own
                run_type=DagRunType.MANUAL,
                triggered_by=DagRunTriggeredByType.UI,
                state=DagRunState.QUEUED,
                session=session,
            )

    def clear(self, dag_id: str, run_id: str, *tasks: str, on_latest_version: bool = False) -> None:
        """Clear all tasks of a run or the named ones, as a click on Clear does.

        on_latest_version: run them by the newest version of the Dag, not by that of the run.
        """
        wanted = {"task_ids": tasks or None, "run_on_latest_version": on_latest_version}
        with create_session() as session:
            dag = SerializedDagModel.get_dag(dag_id, session=session)
            dag.clear(run_id=run_id, session=session, **wanted)

    def queue_new_tasks(self, dag_id: str, run_id: str) -> None:
        """Add to a run what its Dag has gained, as Queue up new tasks in its Clear dialog does."""
        with create_session() as session:
            dag = SerializedDagModel.get_dag(dag_id, session=session)
            dag.clear(run_id=run_id, only_new=True, session=session)

    def create_event(self, asset: str, extra: dict[str, Any] | None = None) -> None:
        """Record that an asset, known by its name, has changed; extra: what the event carries."""
        with create_session() as session:
            found = session.scalars(select(AssetModel).where(AssetModel.name == asset)).one()
            asset_manager.register_asset_change(asset=found, extra=extra, session=session)

    def backfill(
        self,
        dag_id: str,
        first: datetime,
        last: datetime,
        reprocess: str,
        max_active_runs: int = 10,
    ) -> None:
        """Ask for past runs, as `airflow backfill create` does.

        first, last: logical dates, both included. reprocess: `none`, `failed` or `completed`.
        max_active_runs: how many of them run at a time; 10 is Airflow's own default.
        """
        _create_backfill(
            dag_id=dag_id,
            from_date=first,
            to_date=last,
            max_active_runs=max_active_runs,
            reverse=False,
            dag_run_conf=None,
            triggering_user_name=None,
            reprocess_behavior=ReprocessBehavior(reprocess),
        )

    def session(self) -> AbstractContextManager[Session]:
        """Open a transaction of one's own on Airflow's database."""
        return create_session(scoped=False)

    def rows(self, query: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Ask Airflow's database, as a process of its own would: it sees what is committed.

        query: SQL in which `:name` stands for a parameter of that name.
        """
        with self.session() as session:
            return [tuple(row) for row in session.execute(text(query), parameters)]

    def states(self, table: str, where: str = "true") -> dict[str, int]:
        """Count the rows of one of Airflow's tables by state; no state yet counts as `none`."""
        state = "coalesce(state, 'none')"
        return dict(self.rows(f"select {state}, count(*) from {table} where {where} group by 1"))


@contextmanager
def installation(**options: object) -> Iterator[Installation]:
    """Give the Dags of this program a fresh Airflow, until the end of the block.

    An option is `section__key=value`, as in `core__max_active_tasks_per_dag=2`. The first of a
    process takes seconds, for it starts PostgreSQL; each after it has a copy of an empty database.

    ImportError: a Dag does not import. InternalsChangedError: this Airflow lacks a private part
    that is driven here. PostgresUnavailableError: PostgreSQL is not installed.
    """
    assert_internals_unchanged()
    with process_server().copy_of("airflow") as database:
        options |= {"database__sql_alchemy_conn": database, "api_auth__jwt_secret": "a" * 64}
        with connected(options):
            airflow = Installation()
            with clock(airflow):
                load_dags()
                yield airflow


@cache
def process_server() -> Server:
    """Start the server that all of this process shares; it ends with the process."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(migrated())


@contextmanager
def connected(options: dict[str, object]) -> Iterator[None]:
    """Set Airflow's options for the block, among them its database."""
    variables = {f"AIRFLOW__{option.upper()}": str(value) for option, value in options.items()}
    of_database = {option for option in options.items() if option[0].startswith("database__")}
    with ExitStack() as stack:
        stack.callback(settings.configure_vars)  # the last of all, when the variables are as before
        stack.enter_context(patch.dict(os.environ, variables))
        settings.configure_vars()
        stack.enter_context(patch.multiple(settings, **connections(frozenset(of_database))))
        stack.callback(settings.dispose_orm)
        yield


@cache
def connections(options: frozenset[tuple[str, object]]) -> dict[str, Any]:
    """Prepare what Airflow reaches its database by; SQLAlchemy keeps the SQL it writes with it.

    The options are those of the database, which Airflow has read by now.
    """
    nothing: dict[str, Any] = dict.fromkeys(CONNECTIONS)
    with patch.multiple(settings, **nothing):
        settings.configure_orm()
        return {name: getattr(settings, name) for name in CONNECTIONS}


@contextmanager
def clock(airflow: Installation) -> Iterator[None]:
    """Set Airflow's clock ahead by as much as the installation says."""
    real = timezone.utcnow
    timezone.utcnow = lambda: real() + airflow.ahead
    try:
        yield
    finally:
        timezone.utcnow = real
        airflow.ahead = timedelta()  # a module that was imported meanwhile keeps the other clock


def load_dags() -> None:
    """Read the Dags for the first time; they must import, and none is paused."""
    if errors := parse_bundles():
        raise ImportError("\n".join(errors))
    with create_session() as session:
        for dag in session.scalars(select(DagModel)):
            dag.is_paused = False


def parse_bundles() -> list[str]:
    """Do what the Dag processor does, once; return the import errors."""
    manager = DagBundlesManager()
    manager.sync_bundles_to_db()
    errors = []
    for bundle in manager.get_all_dag_bundles():
        bundle.initialize()
        bag = BundleDagBag(bundle.path, bundle_path=bundle.path, bundle_name=bundle.name)
        version, _ = unpack_bundle_version(bundle.get_current_version(), bundle)
        sync_bag_to_db(bag, bundle.name, version)
        errors += bag.import_errors.values()
    return errors
