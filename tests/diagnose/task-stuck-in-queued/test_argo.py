import json

from tests.diagnose.staging.argo import workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_what_it_waits_for_is_told(page: StagedPage) -> None:
    said = workflow(
        {"displayName": "load", "phase": "Pending", "message": "Unschedulable: no room"},
        {"displayName": "old", "phase": "Succeeded"},
    )
    assert run(page.code(), said, WORKFLOW="nightly-1") == "load\tUnschedulable: no room\n"


def test_nothing_waits(page: StagedPage) -> None:
    said = workflow({"displayName": "load", "phase": "Running"})
    assert run(page.code(), said, WORKFLOW="nightly-1") == ""


def test_the_workflow_itself_waits(page: StagedPage) -> None:
    said = json.loads(workflow())
    why = "too many workflows are already running"
    said["status"] = {"phase": "Pending", "message": why}
    assert run(page.code(), json.dumps(said), WORKFLOW="nightly-1") == f"the workflow\t{why}\n"
