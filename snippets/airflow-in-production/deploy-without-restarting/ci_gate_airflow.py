"""Six broken Dags, five of which look well in a diff, and a gate that stops all six."""

# --8<-- [start:imports]
import json
from collections.abc import Iterator
from pathlib import Path

from airflow.dag_processing.dagbag import BundleDagBag
from airflow.models.serialized_dag import SerializedDagModel
from airflow.sdk import DAG, ExceptionRetryPolicy, RetryAction, RetryRule
from airflow.serialization.serialized_objects import DagSerialization

# --8<-- [end:imports]
# isort: split
# What follows is not the gate's.
from collections.abc import Callable
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from unittest.mock import patch

from airflow import settings
from airflow.exceptions import AirflowClusterPolicyViolation
from airflow.policies import hookimpl
from airflow.sdk import BaseOperator
from airflow.settings import get_policy_plugin_manager

Check = Callable[[Path], Iterator[str]]


# --8<-- [start:dags]
GOOD = """
from datetime import datetime
from airflow.sdk import dag, task

@task
def load_orders():
    return [100] * 10

@task
def fct_revenue_daily(orders, stamp=None):
    return sum(orders)

@dag(schedule="0 3 * * *", default_args={"owner": "finance"})
def nightly():
    fct_revenue_daily(load_orders())

nightly()
"""
CALL = "fct_revenue_daily(load_orders())"
LOOP = "orders = load_orders()\n    orders >> fct_revenue_daily(orders) >> orders"
STAMPED = "fct_revenue_daily(load_orders(), datetime.now())"
SCHEDULE = 'schedule="0 3 * * *"'
BROKEN = {
    "import": GOOD.replace("airflow.sdk", "airflow.sdl"),
    "cycle": GOOD.replace(CALL, LOOP),
    "no owner": GOOD.replace('{"owner": "finance"}', "{}"),
    "version": GOOD.replace(CALL, STAMPED),
    "size": GOOD.replace(SCHEDULE, f'{SCHEDULE}, doc_md="a column" * 20_000'),
    "run": GOOD.replace("sum(orders)", "sum(order)"),
}
# --8<-- [end:dags]


# --8<-- [start:policy]
class Policy:
    """What airflow_local_settings.py holds: CI needs the rules of production."""

    @hookimpl
    def task_policy(self, task: BaseOperator) -> None:
        """Refuse a task that is nobody's."""
        if task.owner == "airflow":  # the default
            raise AirflowClusterPolicyViolation(f"{task.task_id} has no owner")


# --8<-- [end:policy]


# --8<-- [start:bug]
def it_imports(folder: Path) -> Iterator[str]:
    """Do what most pipelines do: import each file."""
    for file in folder.glob("*.py"):
        try:
            exec(compile(file.read_text(), file, "exec"), {"__name__": file.stem})
        except Exception as error:
            yield str(error)


# --8<-- [end:bug]
# --8<-- [start:fix]
ONCE = ExceptionRetryPolicy(rules=[RetryRule(exception=Exception, action=RetryAction.FAIL)])


def fingerprint(dag: DAG) -> str:
    """Hash what Airflow stores: another hash can be another version."""
    return SerializedDagModel.hash(DagSerialization.to_dict(dag))


def trial(dag: DAG) -> str:
    """Run the Dag in this process; say what failed, or nothing."""
    dag.deadline = None  # with one, dag.test() raises after a success (3.3.2; issue 73428)
    for task in dag.tasks:
        task.retry_policy = ONCE  # or it would wait for each retry_delay
    try:
        run = dag.test()  # its logical date is now; a run without one has no ds
    except Exception as error:
        return f"{dag.dag_id} has no trial run: {error}"
    failed = ", ".join(ti.task_id for ti in run.get_task_instances(state="failed"))
    return f"{failed} failed in a trial run" if failed else ""


def gate(folder: Path) -> Iterator[str]:
    """Say what is wrong with the Dags of a folder; silence lets them pass."""
    bag, again = (BundleDagBag(folder, bundle_path=folder) for _ in range(2))
    if not (bag.dags or bag.import_errors):
        yield f"no Dag in {folder}"
    for error in bag.import_errors.values():  # import, cycle, policy
        yield error.strip().splitlines()[-1].partition(": ")[2]
    for dag_id, dag in bag.dags.items():
        if (size := len(json.dumps(DagSerialization.to_dict(dag)))) > 100_000:
            yield f"{dag_id} takes {size // 1000} kB in the database"
        if fingerprint(dag) != fingerprint(again.dags[dag_id]):
            yield f"{dag_id} is another Dag each time it is parsed"
        if "no-trial" not in dag.tags and (wrong := trial(dag)):
            yield wrong


# --8<-- [end:fix]
SCRIPT = r"""
# --8<-- [start:run]
if __name__ == "__main__":
    wrong = ""
    for wrong in gate(Path("dags")):
        print(wrong, flush=True)  # at once: a later trial may not end
    raise SystemExit(bool(wrong))
# --8<-- [end:run]
"""


def judge(check: Check, source: str) -> list[str]:
    """Let a check look at one file, in the Dags folder and under the policy."""
    with TemporaryDirectory() as home, patch.object(settings, "DAGS_FOLDER", home), policy():
        Path(home, "nightly.py").write_text(source)
        return list(check(Path(home)))


@contextmanager
def policy() -> Iterator[None]:
    """Put the policy into force for the block."""
    manager, rules = get_policy_plugin_manager(), Policy()
    manager.register(rules)
    try:
        yield
    finally:
        manager.unregister(rules)


if __name__ == "__main__":
    print(f"{'':<11}{'import':<10}gate")
    for name, source in {"good": GOOD, **BROKEN}.items():
        imported = "stopped" if judge(it_imports, source) else "passed"
        said = judge(gate, source)
        print(f"{name:<11}{imported:<10}{said[0] if said else 'passed'}")
