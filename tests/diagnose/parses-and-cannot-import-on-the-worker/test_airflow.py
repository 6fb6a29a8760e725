import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import structlog
from airflow.executors.workloads.trigger import RunTrigger
from airflow.jobs import triggerer_job_runner
from airflow.providers.git.bundles.git import GitDagBundle
from airflow.sdk.api.datamodels._generated import TaskInstance
from airflow.sdk.exceptions import AirflowRescheduleException
from airflow.sdk.execution_time import task_runner
from airflow.sdk.execution_time.comms import StartupDetails
from airflow.sdk.execution_time.supervisor import process_log_messages_from_subprocess
from airflow.sdk.log import logging_processors
from airflow.sdk.timezone import utcnow
from airflow.utils.log.log_reader import TaskLogReader

from testbed.airflow.installation import Installation, installation
from testbed.repository import Repository
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import write_log
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.servers import LOGIN, PID, address, execution, token

NIGHTLY = """
from airflow.sdk import dag, task
{at_the_top}

@dag(schedule=None)
def nightly():
    @task
    def load_orders():
        {inside}

    load_orders()

nightly()
"""
OF_THE_IMAGE = "import tallow_prices"  # a package that only the Dag processor's image has
A_MINUTE = timedelta(minutes=1)
CAN = "No data found\n"


class Night:
    """A Dag in a bundle, which the Dag processor's machine has imported, and then a worker."""

    def __init__(self, airflow: Installation) -> None:
        self.airflow = airflow
        airflow.create_run("nightly", None, "night")
        airflow.scheduler().tick()

    def begin(self, waited: int = 3) -> None:
        """Do what a worker's process does first: import the file, find the task, call its code.

        waited: how often it has been put off already.
        """
        ((ti_id, version),) = self.airflow.rows("select id, dag_version_id from task_instance")
        named = {"task_id": "load_orders", "dag_id": "nightly", "run_id": "night", "try_number": 1}
        context = execution().task_instances.start(ti_id, PID, utcnow())
        context.task_reschedule_count = waited
        what = StartupDetails(
            ti=TaskInstance(id=ti_id, dag_version_id=version, **named),
            dag_rel_path="nightly.py",
            bundle_info={"name": "dags-folder", "version": None},
            start_date=utcnow(),
            ti_context=context,
            sentry_integration="",
        )
        with modules_as_before(), logged(self.airflow) as log:
            task = task_runner.parse(what, log).task
            try:
                task.python_callable()
            except ImportError:
                log.exception("Task failed with exception")  # as task_runner.run does


@contextmanager
def logged(airflow: Installation) -> Iterator[structlog.typing.BindableLogger]:
    """Give a task's process its logger; its supervisor writes the lines to where the UI reads."""
    lines = BytesIO()
    try:
        yield structlog.wrap_logger(
            structlog.BytesLogger(lines),
            processors=logging_processors(json_output=True),
            wrapper_class=structlog.make_filtering_bound_logger("info"),  # the sandbox is quiet
        )
    finally:
        base = TaskLogReader().log_handler.local_base
        written = write_log(airflow, base, "load_orders", fresh=True)
        supervisor = process_log_messages_from_subprocess((written,))
        next(supervisor)
        for line in lines.getvalue().splitlines():
            supervisor.send(line)


@contextmanager
def modules_as_before() -> Iterator[None]:
    """Forget what is imported in the block, and where from, as a process that ends does."""
    path, modules = [*sys.path], {*sys.modules}
    try:
        yield
    finally:
        sys.path[:] = path
        for name in {*sys.modules} - modules:
            if name.startswith(("tallow_", "loads", "unusual_prefix")):
                del sys.modules[name]


@pytest.fixture
def dags(tmp_path: Path) -> Path:
    """The folder of the bundle."""
    (tmp_path / "dags").mkdir()
    return tmp_path / "dags"


@pytest.fixture
def night(dags: Path, tmp_path: Path, sandbox: Path) -> Iterator[Callable[[str, str], Night]]:
    """Write the Dag, and have the Dag processor import it, in an image that has the package."""
    image = tmp_path / "image"
    image.mkdir()
    (image / "tallow_prices.py").touch()

    with ExitStack() as stack:

        def parsed(at_the_top: str, inside: str = "pass") -> Night:
            text = NIGHTLY.format(at_the_top=at_the_top, inside=inside)
            (dags / "nightly.py").write_text(text)
            with modules_as_before():
                sys.path.append(str(image))
                return Night(stack.enter_context(installation(core__dags_folder=dags)))

        yield parsed


def said(page: StagedPage) -> str:
    """Return what the page's first command prints of the attempt."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in LOGIN.items():
            patched.setenv(name, value)
        return shell.run(page.code(), RUN_ID="night", AIRFLOW=address(), TOKEN=token())


def imports(page: StagedPage) -> str:
    """Return what the page's second command prints on this machine."""
    with modules_as_before():
        return shell.run(page.code("check", 1))


def test_the_file_cannot_be_imported(page: StagedPage, night: Callable) -> None:
    page.says("The worker could not import the Dag's file at all")
    page.says("It prints `No data found` if it can")
    page.says("it tries again three times, a minute apart (`[workers] missing_dag_retries`)")
    late = night(OF_THE_IMAGE)
    assert "No module named 'tallow_prices'" in imports(page)
    for waited in range(3):
        with pytest.raises(AirflowRescheduleException) as put_off:
            late.begin(waited)
        assert timedelta(seconds=50) < put_off.value.reschedule_date - utcnow() <= A_MINUTE
    with pytest.raises(SystemExit):
        late.begin()
    assert "Dag not found during start up" in said(page)
    assert "Startup reschedule limit exceeded" in said(page)


def test_the_import_is_inside(page: StagedPage, night: Callable) -> None:
    page.says("so the Dag processor never came to it, and the command is silent too")
    night("", OF_THE_IMAGE).begin()
    assert imports(page) == CAN
    (line,) = said(page).splitlines()
    event, kind, value, file = line.split("\t")
    assert (event, kind) == ("Task failed with exception", "ModuleNotFoundError")
    assert value == "No module named 'tallow_prices'"
    assert file.endswith("/dags/nightly.py")


def test_it_can(page: StagedPage, night: Callable) -> None:
    night("").begin()
    assert (imports(page), said(page)) == (CAN, "")


@pytest.mark.parametrize(("written", "found"), [("helpers", False), ("loads.tallow_helpers", True)])
def test_only_the_root_is_on_the_path(
    page: StagedPage, night: Callable, dags: Path, written: str, found: bool
) -> None:
    page.says("Only the root of the bundle is on the path.")
    (dags / "loads").mkdir()
    (dags / "loads" / "tallow_helpers.py").touch()
    night("", f"import {written}").begin()
    assert (said(page) == "") is found


def test_an_installed_package_wins(page: StagedPage, night: Callable, dags: Path) -> None:
    page.says("The bundle's root is the last entry of the path")
    (dags / "yaml.py").write_text("rates = 1")
    night("", "from yaml import rates").begin()
    assert "cannot import name 'rates' from 'yaml'" in said(page)


def test_the_root_is_that_of_the_subfolder(page: StagedPage, tmp_path: Path) -> None:
    page.says("A Git bundle with `subdir` has its root there, and nothing above it.")
    repository = Repository(tmp_path / "repository")
    repository.release("")
    kwargs = {"repo_url": str(repository.folder), "tracking_ref": "main", "subdir": "dags"}
    bundle = GitDagBundle(name="dags", **kwargs)
    assert bundle.path == bundle.repo_path / "dags"


def test_a_trigger_gets_no_bundle(page: StagedPage) -> None:
    page.says("The triggerer has no bundle on its path (3.3.2).")
    assert not [field for field in RunTrigger.model_fields if "bundle" in field]
    assert "sys.path" not in inspect.getsource(triggerer_job_runner)
