import os
import sys
from pathlib import Path

import pytest

from testbed.sandbox import ROOT
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.re_run import DAYS
from tests.diagnose.staging.shell import run

ARGO = f"""#!{sys.executable}
import sys

sys.path.append({str(ROOT)!r})
from tests.diagnose.staging.argo_commands import problem

print(*sys.argv[1:])
sys.exit(problem(sys.argv[1:]) or "{DAYS[1]}" in sys.argv[-2] and "fail" in {{mode!r}})
"""


@pytest.mark.parametrize("section", ["downstream", "clear"])
def test_a_retry_is_in_the_reference(page: StagedPage, section: str) -> None:
    assert run(page.code(section), WORKFLOW="nightly-1") == ""  # no Argo here; nor an error


@pytest.mark.parametrize(("mode", "days"), [("succeed", 3), ("fail", 2)])
def test_the_window_ends_at_a_day_that_fails(
    page: StagedPage, tmp_path: Path, mode: str, days: int
) -> None:
    (tmp_path / "argo").write_text(ARGO.format(mode=mode))
    (tmp_path / "argo").chmod(0o755)
    said = run(page.code("backfill"), PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    times = [line.split("--scheduled-time ")[1].split()[0] for line in said.splitlines()]
    assert times == [f"{day}T03:00:00Z" for day in DAYS[:days]]
