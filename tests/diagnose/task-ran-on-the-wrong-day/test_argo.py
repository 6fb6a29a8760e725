from tests.diagnose.staging.argo import STARTED, workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_due_and_started_are_told(page: StagedPage) -> None:
    page.says("A workflow from a file or a template has no scheduled time.")
    due = "2026-03-13T03:12:00Z"
    (line,) = run(page.code(), workflow(due=due), WORKFLOW="nightly-1").splitlines()
    assert line.split("\t") == [due, STARTED]
    (line,) = run(page.code(), workflow(), WORKFLOW="nightly-1").splitlines()
    assert line.split("\t") == ["", STARTED]


def test_one_that_a_hand_submitted_from_a_schedule_is_due_when_it_starts(page: StagedPage) -> None:
    page.says("with `--from cronwf/nightly` has the time of its submission")
    said = workflow(due=STARTED, of="nightly")
    (line,) = run(page.code(), said, WORKFLOW="nightly-1").splitlines()
    assert line.split("\t") == [STARTED, STARTED]
