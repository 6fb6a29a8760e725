"""Who may start now: the limits, from the widest to the narrowest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from .model import DAG, Settings
from .records import TaskInstance


class Room:
    """How much of every limit is taken."""

    def __init__(
        self,
        dags: Mapping[str, DAG],
        settings: Settings,
        load: int,
        occupying: Iterable[TaskInstance],
    ) -> None:
        """Count `occupying`, the queued and running; `load` is this scheduler's own share."""
        self._dags, self._settings, self._load = dags, settings, load
        self._in_pool: Counter[str] = Counter()
        self._in_run: Counter[tuple[str, str]] = Counter()
        for ti in occupying:
            self._count(ti)

    def choose(
        self, ready: Iterable[TaskInstance]
    ) -> tuple[list[TaskInstance], dict[tuple[str, str, str], str]]:
        """Those that may start, by priority then age; and for the others, which limit is full."""
        chosen, held = [], {}
        by_priority = sorted(
            ready, key=lambda ti: (-self._dags[ti.dag_id][ti.task_id].priority, ti.logical_date)
        )
        for ti in by_priority:
            if limit := self._full(ti):
                held[ti.key] = limit
            else:
                chosen.append(ti)
                self._load += 1
                self._count(ti)
        return chosen, held

    def _count(self, ti: TaskInstance) -> None:
        self._in_pool[self._dags[ti.dag_id][ti.task_id].pool] += 1
        self._in_run[ti.dag_id, ti.run_id] += 1

    def _full(self, ti: TaskInstance) -> str | None:
        """The first limit that has no room for it."""
        dag = self._dags[ti.dag_id]
        pool = dag[ti.task_id].pool
        if self._load >= self._settings.parallelism:
            return "parallelism"
        if self._in_pool[pool] >= self._settings.pools[pool]:
            return f"pool {pool}"
        if self._in_run[ti.dag_id, ti.run_id] >= dag.max_active_tasks:
            return "max_active_tasks"
        return None
