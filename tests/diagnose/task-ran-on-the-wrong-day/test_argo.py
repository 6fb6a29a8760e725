from tests.diagnose.staging.argo import STARTED, workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_due_and_started_are_told(page: StagedPage) -> None:
    due = "2026-03-13T03:12:00Z"
    (line,) = run(page.code(), workflow(due=due), WORKFLOW="nightly-1").splitlines()
    assert line.split("\t") == [due, STARTED]
    (line,) = run(page.code(), workflow(), WORKFLOW="nightly-1").splitlines()
    assert line.split("\t") == ["", STARTED]  # by hand
