from tests.diagnose.staging.argo import workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_the_killed_one_is_told(page: StagedPage) -> None:
    said = workflow(
        {"displayName": "load", "phase": "Failed", "message": "main: OOMKilled (exit code 137)"},
        {"displayName": "fct", "phase": "Error", "message": "wait: OOMKilled (exit code 137)"},
        {"displayName": "stg", "phase": "Succeeded"},
        {"displayName": "nightly", "phase": "Failed", "type": "DAG"},
    )
    assert run(page.code(), said, WORKFLOW="nightly-1").splitlines() == [
        "load\tmain: OOMKilled (exit code 137)",
        "fct\twait: OOMKilled (exit code 137)",
    ]
