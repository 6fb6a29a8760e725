from tests.diagnose.staging.argo import workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_the_pod_that_waits_is_told(page: StagedPage) -> None:
    message = 'CreateContainerConfigError: secret "warehouse" not found'
    said = workflow(
        {"displayName": "load", "phase": "Pending", "message": message},
        {"displayName": "stg", "phase": "Error", "message": "no such template"},
        {"displayName": "list", "phase": "Succeeded"},
    )
    waits, error = run(page.code(), said, WORKFLOW="nightly-1").splitlines()
    assert waits.split("\t")[:2] == ["load", "Pending"]
    assert "not found" in waits
    assert error == "stg\tError\tno such template"
