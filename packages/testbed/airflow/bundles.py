"""A Dag file under version control, and an Airflow that reads it through a bundle of any kind."""

from __future__ import annotations

import json
import subprocess
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

FILE = "nightly.py"
SETTINGS = ("user.name=CI", "user.email=ci@localhost", "init.defaultBranch=main")
Bundle = dict[str, Any]  # what one entry of dag_bundle_config_list says, but for its name


class Repository:
    """A Git repository with one file: as a folder it shows the last release, as Git every one.

    folder: its work tree. commits: the hashes of its releases, oldest first.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.commits: list[str] = []
        folder.mkdir()
        self.git("init")

    def release(self, source: str) -> None:
        """Write this source into the file and commit it."""
        (self.folder / FILE).write_text(source, encoding="utf-8")
        self.git("add", FILE)
        self.git("commit", "--message=release")
        self.commits.append(self.git("rev-parse", "HEAD"))

    def git(self, *arguments: str) -> str:
        """Run git on this repository and return what it prints; CalledProcessError: it failed."""
        options = [option for setting in SETTINGS for option in ("-c", setting)]
        command = ["git", "-C", str(self.folder), *options, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def number(self, commit: str) -> int:
        """Number the commits from 1: a hash would be another one at every run."""
        return self.commits.index(commit) + 1


@contextmanager
def released(
    bundle: Callable[[Path], Bundle], source: str
) -> Iterator[tuple[Installation, Repository]]:
    """Give a fresh Airflow a bundle that holds a file of this source; both end with the block.

    bundle: returns, for the repository's folder, `classpath` and `kwargs` as one entry of
    `dag_bundle_config_list` has them.
    """
    with TemporaryDirectory() as home:
        repository = Repository(Path(home, "repository"))
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
