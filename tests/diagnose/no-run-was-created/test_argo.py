import json

import pytest

from testbed.argo import schema_problems
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


@pytest.mark.parametrize(("suspend", "said"), [(True, "true"), (None, "false")])
def test_a_suspended_schedule_is_told(page: StagedPage, suspend: bool | None, said: str) -> None:
    spec = {"schedules": ["0 3 * * *"], "workflowSpec": {}}
    manifest = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "CronWorkflow",
        "metadata": {"name": "nightly"},
        "spec": spec | ({"suspend": suspend} if suspend else {}),
    }
    assert not [problem for problem in schema_problems(manifest) if "suspend" in problem]
    manifest["status"] = {"lastScheduledTime": "2026-03-13T03:00:00Z"}
    assert run(page.code(), json.dumps(manifest)) == f"{said}\t2026-03-13T03:00:00Z\n"
