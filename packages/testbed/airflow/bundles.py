"""An Airflow that reads a Dag file under version control through a bundle of any kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from airflow.dag_processing.bundles.manager import DagBundlesManager
from airflow.dag_processing.dagbag import BundleDagBag
from airflow.models.taskinstancekey import TaskInstanceKey

from testbed.airflow.installation import Installation, installation
from testbed.airflow.scheduler import Scheduler
from testbed.repository import FILE, Repository

Bundle = dict[str, Any]  # what one entry of dag_bundle_config_list says, but for its name


@contextmanager
def released(
    bundle: Callable[[Path], Bundle], source: str, file: str = FILE
) -> Iterator[tuple[Installation, Repository]]:
    """Give a fresh Airflow a bundle that holds a file of this source; both end with the block.

    bundle: returns, for the repository's folder, `classpath` and `kwargs` as one entry of
    `dag_bundle_config_list` has them. file: where in the repository the source lies.
    """
    with TemporaryDirectory() as home:
        repository = Repository(Path(home, "repository"), file)
        repository.release(source)
        options = {
            "dag_processor__dag_bundle_config_list": json.dumps(
                [{"name": "dags", **bundle(repository.folder)}]
            ),
            "dag_processor__dag_bundle_storage_path": home,
        }
        with installation(**options) as airflow:
            yield airflow, repository


def code_of(scheduler: Scheduler, key: TaskInstanceKey) -> Callable[..., object]:
    """Find a task's code as its worker does: in the bundle, and the version, that it was sent."""
    sent = scheduler.executor.bundles[key]
    bundle = DagBundlesManager().get_bundle(sent.name, sent.version)
    bundle.initialize()
    bag = BundleDagBag(bundle.path, bundle_path=bundle.path)
    return bag.dags[key.dag_id].get_task(key.task_id).python_callable
