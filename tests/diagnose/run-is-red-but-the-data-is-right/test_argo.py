from tests.diagnose.staging.argo import workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_who_said_that_it_failed(page: StagedPage) -> None:
    page.says("Only pods are listed: a DAG or a group has no exit code")
    said = workflow(
        {
            "displayName": "load",
            "phase": "Failed",
            "message": "main: OOMKilled (exit code 137)",
            "outputs": {"exitCode": "137"},
        },
        {"displayName": "stg", "phase": "Error", "message": "pod deleted"},
        {"displayName": "fct", "phase": "Succeeded"},
        {"displayName": "nightly", "phase": "Failed", "type": "DAG"},
        {"displayName": "load-all", "phase": "Failed", "type": "TaskGroup"},
    )
    lines = run(page.code(), said, WORKFLOW="nightly-1").splitlines()
    assert lines == [
        "load\tFailed\t137\tmain: OOMKilled (exit code 137)",
        "stg\tError\t\tpod deleted",
    ]
