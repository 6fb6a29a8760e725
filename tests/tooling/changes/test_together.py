"""Two sessions run at a time, each is printed whole, and each failure is named."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tooling.changes import together

# It stands in for nox: its arguments are `--session <name> -- <seconds> <exit code>`.
NOX = (
    sys.executable,
    "-c",
    "import sys, time\n"
    "_, name, _, seconds, code = sys.argv[1:]\n"
    "print(f'{name}: one', flush=True)\n"
    "time.sleep(float(seconds))\n"
    "print(f'{name}: two', time.time())\n"
    "sys.exit(int(code))",
)


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(together, "ROOT", tmp_path)
    monkeypatch.setattr(together, "LOGS", tmp_path / "logs")
    return tmp_path / "logs"


def test_each_failure_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    given = {"check": ("0", "0"), "airflow": ("0", "1"), "browser": ("0", "3")}
    assert sorted(together.run_together(NOX, given)) == ["airflow", "browser"]
    printed = capfd.readouterr().out
    assert "check passed in 0 min 0 s" in printed
    assert "airflow failed in 0 min 0 s" in printed


def test_what_a_session_prints_stays_together(capfd: pytest.CaptureFixture[str]) -> None:
    together.run_together(NOX, {"airflow": ("0.5", "0"), "prefect": ("0.5", "0")})
    spoken = [line[:12] for line in capfd.readouterr().out.splitlines() if ": " in line]
    assert sorted(spoken) == sorted(set(spoken))
    assert [line.partition(":")[0] for line in spoken[::2]] == [
        line.partition(":")[0] for line in spoken[1::2]
    ]


def test_two_run_at_a_time_and_the_third_waits(logs: Path) -> None:
    together.run_together(NOX, dict.fromkeys(("one", "two", "three"), ("0.4", "0")))
    ends = [
        float((logs / f"{name}.txt").read_text().split()[-1]) for name in ("one", "two", "three")
    ]
    assert abs(ends[0] - ends[1]) < 0.4 <= ends[2] - min(ends[:2])
