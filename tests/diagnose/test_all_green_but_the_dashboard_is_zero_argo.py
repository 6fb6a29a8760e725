from conftest import Words
from shell import run
from stage_argo import workflow


def test_an_omitted_task_is_told(page: Words) -> None:
    said = workflow(
        {"displayName": "load", "phase": "Failed"}, {"displayName": "stg", "phase": "Omitted"}
    )
    lines = run(page.code(), said, WORKFLOW="nightly-1").splitlines()
    assert lines == ["load\tFailed", "stg\tOmitted"]
