import subprocess
from pathlib import Path
from signal import SIGPIPE
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def states(program: ModuleType) -> dict[str, str]:
    return program.states()


@pytest.mark.parametrize("task", ["pipe", "or_true", "next_line"])
def test_bug_is_real(states: dict[str, str], task: str) -> None:
    assert states[task] == "success"


@pytest.mark.parametrize("task", ["pipefail", "errexit"])
def test_fix_holds(states: dict[str, str], task: str) -> None:
    assert states[task] == "failed"


def test_exit_code_99_is_a_skip(states: dict[str, str]) -> None:
    assert states["exit_99"] == "skipped"


def test_price_is_a_false_alarm_on_head(
    program: ModuleType, states: dict[str, str], tmp_path: Path
) -> None:
    assert states["head"] == "failed"
    script = ["bash", "-c", program.COMMANDS["head"]]
    assert subprocess.run(script, cwd=tmp_path, check=False).returncode == 128 + SIGPIPE
    assert (tmp_path / "orders.csv").read_text() == "order\n" * 10
