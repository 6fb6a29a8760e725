"""What `argo get -o json` prints of a night, held against Argo's own schema."""

from __future__ import annotations

import json

from tooling.argo_schema import schema_faults


def workflow(*nodes: dict[str, object]) -> str:
    """Print a workflow with these nodes in its status."""
    named = {
        str(node["displayName"]): {"id": "1", "name": "n", "type": "Pod"} | node for node in nodes
    }
    manifest = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"name": "nightly-1"},
        "spec": {},
        "status": {"nodes": named},
    }
    assert not schema_faults(manifest)
    return json.dumps(manifest)
