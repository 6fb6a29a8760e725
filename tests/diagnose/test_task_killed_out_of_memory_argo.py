from conftest import Words
from shell import run
from stage_argo import workflow


def test_the_killed_one_is_told(page: Words) -> None:
    said = workflow(
        {"displayName": "load", "phase": "Failed", "message": "main: OOMKilled (exit code 137)"},
        {"displayName": "fct", "phase": "Error", "message": "wait: OOMKilled (exit code 137)"},
        {"displayName": "stg", "phase": "Succeeded"},
    )
    assert run(page.code(), said, WORKFLOW="nightly-1").splitlines() == [
        "load\tmain: OOMKilled (exit code 137)",
        "fct\twait: OOMKilled (exit code 137)",
    ]
