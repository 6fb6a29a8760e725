from pathlib import Path
from types import ModuleType

import pytest

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
