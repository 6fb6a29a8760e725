from tests.diagnose.staging.argo import workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_the_failed_step_is_told(page: StagedPage) -> None:
    said = workflow(
        {"displayName": "load", "phase": "Failed", "message": "main: Error (exit code 1)"},
        {"displayName": "stg", "phase": "Succeeded"},
        {"displayName": "mail", "phase": "Error", "message": "pod deleted"},
    )
    lines = run(page.code(), said, WORKFLOW="nightly-1").splitlines()
    assert lines == ["load\tFailed\tmain: Error (exit code 1)", "mail\tError\tpod deleted"]


def test_a_good_night_tells_nothing(page: StagedPage) -> None:
    said = workflow({"displayName": "load", "phase": "Succeeded"})
    assert run(page.code(), said, WORKFLOW="nightly-1") == ""
