"""The linter and pytest, as they are set up here, stop more kinds of tests that cannot fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from testbed.sandbox import ROOT

HEAD = "import pytest\n\n\n"
CASES = {
    "F811": "def test_it(a):\n    assert a\n\n\ndef test_it(b):\n    assert not b\n",
    "B017": "def test_it(night):\n    with pytest.raises(Exception):\n        night()\n",
    "B015": "def test_it(night):\n    night == 0\n",
    "PT010": "def test_it(night):\n    with pytest.raises():\n        night()\n",
    "PT012": "def test_it(night):\n    with pytest.raises(KeyError):\n        night()\n"
    "        assert night.over\n",
    "PT014": "@pytest.mark.parametrize('n', [1, 1])\ndef test_it(n):\n    assert n\n",
    "ERA001": "def test_it(night):\n    assert night\n    # assert night.over == 1\n",
}


@pytest.mark.parametrize("rule", CASES)
def test_the_linter_stops_it(rule: str) -> None:
    name = "--stdin-filename=tests/snippets/test_it.py"
    ruff = [sys.executable, "-m", "ruff", "check", "--output-format=concise", name, "-"]
    run = subprocess.run(ruff, cwd=ROOT, input=HEAD + CASES[rule], capture_output=True, text=True)
    assert f" {rule} " in run.stdout


def test_pytest_stops_a_test_without_cases(tmp_path: Path) -> None:
    test = tmp_path / "test_it.py"
    test.write_text(HEAD + "@pytest.mark.parametrize('n', [])\ndef test_it(n):\n    assert n\n")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), str(test)]
    command += ["-p", "no:playwright", "-p", "no:hypothesispytest"]  # which are slow to import
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode
    assert "Empty parameter set" in run.stdout
