from conftest import Words
from shell import run
from stage_argo import workflow


def test_the_attempts_are_counted(page: Words) -> None:
    said = workflow(
        {"displayName": "load", "phase": "Succeeded", "type": "Retry", "children": ["a", "b"]},
        {"displayName": "load(0)", "phase": "Failed"},
        {"displayName": "load(1)", "phase": "Succeeded"},
        {"displayName": "stg", "phase": "Succeeded", "type": "Retry", "children": ["c"]},
    )
    lines = run(page.code(), said, WORKFLOW="nightly-1").splitlines()
    assert lines == ["load\tSucceeded\t2", "stg\tSucceeded\t1"]
