from tests.diagnose.staging.argo import workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_each_pod_is_an_attempt(page: StagedPage) -> None:
    began = "2026-03-14T03:20:00Z"
    attempt = {"templateName": "send-invoices", "startedAt": began}
    said = workflow(
        attempt | {"displayName": "send", "type": "Retry", "phase": "Succeeded"},
        attempt | {"displayName": "send(0)", "phase": "Failed", "message": "pod deleted"},
        attempt | {"displayName": "send(1)", "phase": "Succeeded"},
        {"displayName": "load", "templateName": "load", "phase": "Succeeded"},
    )
    lines = [line.split("\t") for line in run(page.code(), said, WORKFLOW="nightly-1").splitlines()]
    assert lines == [
        ["send(0)", "Failed", began, "pod deleted"],
        ["send(1)", "Succeeded", began, ""],
    ]
