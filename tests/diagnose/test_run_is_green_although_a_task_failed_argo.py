from conftest import Words
from shell import run
from stage_argo import workflow


def test_the_failed_step_is_told(page: Words) -> None:
    said = workflow(
        {"displayName": "load", "phase": "Failed", "message": "Error (exit code 1)"},
        {"displayName": "stg", "phase": "Succeeded"},
    )
    lines = run(page.code(), said, WORKFLOW="nightly-1").splitlines()
    assert lines == ["load\tFailed\tError (exit code 1)"]


def test_a_good_night_tells_nothing(page: Words) -> None:
    said = workflow({"displayName": "load", "phase": "Succeeded"})
    assert run(page.code(), said, WORKFLOW="nightly-1") == ""
