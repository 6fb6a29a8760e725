import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from testbed.sandbox import ROOT
from tests.words import Words
from tooling.course.embeds import Embed

GATE = "airflow-in-production/deploy-without-restarting/ci_gate_airflow.py"

SAID = {
    "import": "No module named 'airflow.sdl'",
    "cycle": "Cycle detected",
    "no owner": "has no owner",
    "version": "another Dag each time",
    "size": "kB in the database",
    "run": "fct_revenue_daily failed",
}


def test_bug_is_real(program: ModuleType) -> None:
    said = {name: program.judge(program.it_imports, dag) for name, dag in program.BROKEN.items()}
    through = [name for name in said if not said[name]]
    assert through == ["cycle", "no owner", "version", "size", "run"]


@pytest.mark.parametrize("name", SAID)
def test_fix_holds(program: ModuleType, name: str) -> None:
    (said,) = program.judge(program.gate, program.BROKEN[name])
    assert SAID[name] in said


def test_it_tells_all_six(program: ModuleType) -> None:
    assert set(SAID) == set(program.BROKEN)


def test_a_good_dag_passes(program: ModuleType) -> None:
    assert program.judge(program.gate, program.GOOD) == []


TEMPLATED = """
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

@task
def load_orders(ds): ...

with DAG("nightly", schedule="0 3 * * *", default_args={"owner": "finance"}):
    load_orders()
    BashOperator(task_id="export", bash_command="echo {{ ds }}")
"""
LATE = """
from datetime import timedelta
from airflow.sdk import DAG, AsyncCallback, DeadlineAlert, DeadlineReference, task

async def page(**context): ...

@task
def load_orders(): ...

two_hours = DeadlineAlert(
    reference=DeadlineReference.DAGRUN_QUEUED_AT,
    interval=timedelta(hours=2),
    callback=AsyncCallback(page),
)
with DAG("nightly", deadline=two_hours, default_args={"owner": "finance"}):
    load_orders()
"""
ASKS = """
from airflow.sdk import DAG, Param, task

@task
def load_orders(): ...

with DAG("asks", params={"day": Param(type="string")}, default_args={"owner": "finance"}):
    load_orders()
"""


@pytest.mark.parametrize("dag", [TEMPLATED, LATE], ids=["its date", "a deadline"])
def test_a_dag_that_production_runs_passes(program: ModuleType, dag: str) -> None:
    assert program.judge(program.gate, dag) == []


def test_a_deadline_is_taken_away_because_a_trial_run_with_one_raises(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from sqlalchemy.exc import StatementError

    (tmp_path / "nightly.py").write_text(LATE)
    monkeypatch.setattr(program.settings, "DAGS_FOLDER", str(tmp_path))
    dag = program.BundleDagBag(tmp_path, bundle_path=tmp_path).dags["nightly"]
    with pytest.raises(StatementError, match="'dict' object has no attribute 'hex'"):
        dag.test()


def test_a_dag_that_cannot_be_run_does_not_hide_the_next(program: ModuleType) -> None:
    both = ASKS + program.BROKEN["run"]
    assert set(program.judge(program.gate, both)) == {
        "asks has no trial run: Invalid input for param day: No value passed",
        "fct_revenue_daily failed in a trial run",
    }


@pytest.mark.parametrize(("dag", "left"), [("run", 0), ("size", 1), ("version", 1)])
def test_a_tag_spares_a_dag_the_trial_run_alone(
    program: ModuleType, page: Words, dag: str, left: int
) -> None:
    page.says("Give them the tag `no-trial`: the gate then skips only this last check.")
    spared = program.BROKEN[dag].replace(program.SCHEDULE, f"{program.SCHEDULE}, tags=['no-trial']")
    assert len(program.judge(program.gate, spared)) == left


def test_a_folder_without_a_dag_does_not_pass(program: ModuleType) -> None:
    (said,) = program.judge(program.gate, "")
    assert said.startswith("no Dag in ")


def test_a_sensor_can_hold_up_ci_for_a_week(program: ModuleType, page: Words) -> None:
    from airflow.sdk.bases.sensor import BaseSensorOperator

    page.says("a sensor waits, for seven days by default")
    assert BaseSensorOperator(task_id="wait").timeout == 7 * 24 * 60 * 60


APPROVED = """
from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import DAG

with DAG("nightly", default_args={"owner": "finance"}):
    ApprovalOperator(task_id="approve", subject="Load the day?")
"""


class ParkedError(BaseException):
    """Nothing else ends the loop."""


PATIENT = '{"owner": "finance", "retries": 2, "retry_delay": 300}'


@pytest.mark.parametrize("waits", [True, False], ids=["by itself", "in the gate"])
def test_a_trial_run_waits_for_no_retry(
    program: ModuleType, page: Words, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, waits: bool
) -> None:
    page.says("because `dag.test()` waits for a `retry_delay` as the scheduler does")

    def sleep(_: float) -> None:
        raise ParkedError

    monkeypatch.setattr("time.sleep", sleep)
    broken = program.BROKEN["run"].replace('{"owner": "finance"}', PATIENT)
    if not waits:
        (said,) = program.judge(program.gate, broken)
        assert SAID["run"] in said
        return
    (tmp_path / "nightly.py").write_text(broken)
    monkeypatch.setattr(program.settings, "DAGS_FOLDER", str(tmp_path))
    dag = program.BundleDagBag(tmp_path, bundle_path=tmp_path).dags["nightly"]
    with pytest.raises(ParkedError):
        dag.test()


def test_a_trial_run_waits_without_end_for_a_person(
    program: ModuleType, page: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.says("a task that waits for a person's approval never ends")
    loops: list[float] = []

    def sleep(seconds: float) -> None:
        loops.append(seconds)
        if len(loops) == 5:
            raise ParkedError

    monkeypatch.setattr("time.sleep", sleep)
    with pytest.raises(ParkedError):
        program.judge(program.gate, APPROVED)


def test_a_trial_run_has_no_partition(program: ModuleType, page: Words) -> None:
    page.says("with a task that needs a `partition_key`, fails")
    needs = program.GOOD.replace(
        "load_orders():\n", "load_orders(partition_key):\n    ''.join(partition_key)\n", 1
    )
    needs = needs.replace("load_orders())", "load_orders(partition_key=None))")
    assert program.judge(program.gate, needs) == ["load_orders failed in a trial run"]


def pasted(*sections: str) -> str:
    """Put together what the page has in its fold."""
    return "\n\n".join(Embed(GATE, section).text(ROOT) for section in sections)


def test_what_is_found_is_printed_before_the_next_trial_run(
    program: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "bad.py").write_text(program.BROKEN["import"])
    endless = program.GOOD.replace("sum(orders)", "__import__('time').sleep(600)")
    (tmp_path / "dags" / "nightly.py").write_text(endless)
    (tmp_path / "gate.py").write_text(pasted("imports", "fix", "run"))
    variables = os.environ | {"AIRFLOW__CORE__DAGS_FOLDER": str(tmp_path / "dags")}
    command = [sys.executable, "gate.py"]
    with subprocess.Popen(command, cwd=tmp_path, env=variables, stdout=subprocess.PIPE) as gate:
        try:
            lines = iter(gate.stdout.readline, b"")
            assert any(SAID["import"] in line.decode() for line in lines)
            assert gate.poll() is None
        finally:
            gate.kill()


@pytest.mark.parametrize(("dag", "said"), [("GOOD", ""), ("run", "fct_revenue_daily failed")])
def test_what_is_pasted_runs_by_itself(
    program: ModuleType, tmp_path: Path, dag: str, said: str
) -> None:
    (tmp_path / "dags").mkdir()
    source = program.GOOD if dag == "GOOD" else program.BROKEN[dag]
    (tmp_path / "dags" / "nightly.py").write_text(source)
    (tmp_path / "gate.py").write_text(pasted("imports", "fix", "run"))
    variables = os.environ | {"AIRFLOW__CORE__DAGS_FOLDER": str(tmp_path / "dags")}
    ended = subprocess.run(
        [sys.executable, "gate.py"], cwd=tmp_path, env=variables, capture_output=True, text=True
    )
    assert ended.returncode == bool(said)
    assert said in ended.stdout


@pytest.mark.parametrize(
    ("dag", "found"),
    [
        ("@dag(start_date=datetime.now())\ndef nightly(): load()", 1),
        ("@dag()\ndef nightly(): load(datetime.now())", 0),
    ],
)
def test_airflows_own_check_misses_a_call_of_a_task(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dag: str, found: int
) -> None:
    from airflow.utils.dag_version_inflation_checker import check_dag_file_stability

    monkeypatch.setenv("AIRFLOW__DAG_PROCESSOR__DAG_VERSION_INFLATION_CHECK_LEVEL", "error")
    file = tmp_path / "nightly.py"
    imports = "from datetime import datetime\nfrom airflow.sdk import dag, task\n"
    file.write_text(f"{imports}@task\ndef load(at=None): ...\n{dag}\nnightly()\n")
    assert len(check_dag_file_stability(str(file)).warnings) == found
    assert program.BundleDagBag(tmp_path, bundle_path=tmp_path).import_errors == {}
    one, two = (program.BundleDagBag(tmp_path, bundle_path=tmp_path) for _ in range(2))
    assert program.fingerprint(one.dags["nightly"]) != program.fingerprint(two.dags["nightly"])


def test_what_the_gate_registers_it_takes_back(program: ModuleType) -> None:
    before = program.get_policy_plugin_manager().get_plugins()
    program.judge(program.gate, program.BROKEN["no owner"])
    assert program.get_policy_plugin_manager().get_plugins() == before


def test_a_test_of_airflow_2_no_longer_builds_its_dag_bag(program: ModuleType) -> None:
    from airflow.models import DagBag

    with pytest.raises(TypeError, match="include_examples"):
        DagBag(include_examples=False)


def test_one_option_of_airflow_2_still_counts_and_the_other_does_not(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.configuration import conf

    monkeypatch.setenv("AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL", "7")
    monkeypatch.setenv("AIRFLOW__SCHEDULER__MIN_FILE_PROCESS_INTERVAL", "7")
    with pytest.warns(DeprecationWarning, match="dag_dir_list_interval"):
        assert conf.getint("dag_processor", "refresh_interval") == 7
    assert conf.getint("dag_processor", "min_file_process_interval") == 30
