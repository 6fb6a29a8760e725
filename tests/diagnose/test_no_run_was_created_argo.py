import json

import pytest
from conftest import Words
from shell import run

from tooling.argo_schema import schema_faults


@pytest.mark.parametrize(("suspend", "said"), [(True, "true"), (None, "false")])
def test_a_suspended_schedule_is_told(page: Words, suspend: bool | None, said: str) -> None:
    spec = {"schedules": ["0 3 * * *"], "workflowSpec": {}}
    manifest = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "CronWorkflow",
        "metadata": {"name": "nightly"},
        "spec": spec | ({"suspend": suspend} if suspend else {}),
    }
    assert not [fault for fault in schema_faults(manifest) if "suspend" in fault]
    manifest["status"] = {"lastScheduledTime": "2026-03-13T03:00:00Z"}
    assert run(page.code(), json.dumps(manifest)) == f"{said}\t2026-03-13T03:00:00Z\n"
