import subprocess
from pathlib import Path

import pytest

from testbed import sandbox
from testbed.airflow import forks

SEES = """
import os, sys
from airflow.configuration import conf
from miniorch import DAG
assert os.getcwd() == os.environ["HOME"]
assert conf.get("database", "sql_alchemy_conn") == f"sqlite:///{os.getcwd()}/airflow.db"
print(sys.argv, __name__, os.environ["TZ"], hash("night"))
"""


@pytest.mark.parametrize("code", [SEES, "import sys\nsys.exit('no orders')\n", "1 / 0\n"])
def test_a_fork_is_to_its_program_what_a_process_of_its_own_is(tmp_path: Path, code: str) -> None:
    program = tmp_path / "night_airflow.py"
    program.write_text(code)
    alone, forked = ended(sandbox.run(program)), ended(forks.run(program))
    assert alone == forked


def ended(run: subprocess.CompletedProcess[str]) -> tuple[int, str, list[str]]:
    """How a program ended: its code, what it printed, and the last line of its errors."""
    return run.returncode, run.stdout, run.stderr.splitlines()[-1:]


def test_a_fork_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "LIMIT", 1)
    program = tmp_path / "night_airflow.py"
    program.write_text("while True:\n    pass\n")
    with pytest.raises(subprocess.TimeoutExpired):
        forks.run(program)
