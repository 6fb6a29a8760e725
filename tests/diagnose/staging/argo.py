"""What `argo get -o json` prints of a night, held against Argo's own schema."""

from __future__ import annotations

import json

from testbed.argo import schema_problems

DUE = "workflows.argoproj.io/scheduled-time"
SCHEDULE = "workflows.argoproj.io/cron-workflow"  # the label that the controller puts on its runs
STARTED = "2026-03-14T03:12:00Z"


def workflow(
    *nodes: dict[str, object], due: str = "", of: str = "", name: str = "nightly-1"
) -> str:
    """Print a workflow with these nodes in its status, due at this time if it is a schedule's."""
    named = {
        str(node["displayName"]): {"id": "1", "name": "n", "type": "Pod"} | node for node in nodes
    }
    manifest = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {
            "name": name,
            "annotations": {DUE: due} if due else {},
            "labels": {SCHEDULE: of} if of else {},
        },
        "spec": {},
        "status": {"nodes": named, "phase": "Succeeded", "startedAt": STARTED},
    }
    assert not schema_problems(manifest)
    return json.dumps(manifest)
