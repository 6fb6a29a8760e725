from tests.diagnose.staging.argo import workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run

GROUP = {"displayName": "l", "templateName": "load-file", "phase": "Failed", "type": "TaskGroup"}


def test_the_parts_are_counted(page: StagedPage) -> None:
    parts = ("Succeeded", "Succeeded", "Failed")
    said = workflow(
        *(
            {"displayName": f"load({n}:{n})", "templateName": "load-file", "phase": phase}
            for n, phase in enumerate(parts)
        ),
        {"displayName": "stg", "templateName": "stg", "phase": "Omitted"},
        GROUP,
    )
    lines = run(page.code(), said, WORKFLOW="nightly-1").splitlines()
    assert lines == ["Failed\t1", "Succeeded\t2"]
