from conftest import Words
from shell import run
from stage_argo import workflow


def test_the_pod_that_waits_is_told(page: Words) -> None:
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
