from tests.diagnose.staging.argo import workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_the_attempts_are_counted(page: StagedPage) -> None:
    said = workflow(
        {"displayName": "load", "phase": "Succeeded", "type": "Retry", "children": ["a", "b"]},
        {"displayName": "load(0)", "phase": "Failed"},
        {"displayName": "load(1)", "phase": "Succeeded"},
        {"displayName": "stg", "phase": "Succeeded", "type": "Retry", "children": ["c"]},
    )
    lines = run(page.code(), said, WORKFLOW="nightly-1").splitlines()
    assert lines == ["load\tSucceeded\t2", "stg\tSucceeded\t1"]
