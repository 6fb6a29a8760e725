from tests.diagnose.staging.argo import workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_an_omitted_task_is_told(page: StagedPage) -> None:
    said = workflow(
        {"displayName": "load", "phase": "Failed"}, {"displayName": "stg", "phase": "Omitted"}
    )
    lines = run(page.code(), said, WORKFLOW="nightly-1").splitlines()
    assert lines == ["load\tFailed", "stg\tOmitted"]
