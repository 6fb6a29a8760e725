"""Check an Argo manifest without a cluster: fields and types, then what refers to what."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
from hera.workflows import models

KINDS = {
    "Workflow": models.Workflow,
    "CronWorkflow": models.CronWorkflow,
    "WorkflowTemplate": models.WorkflowTemplate,
}
Node = dict[str, Any]


def problems(manifest: Node) -> list[str]:
    """List what Argo would refuse, as far as it can be told from the manifest alone.

    manifest: a Workflow, CronWorkflow or WorkflowTemplate as YAML or hera's `to_dict` has it; of
    another kind it is a KeyError. A problem begins with the place: `$.spec.parallelism: …`, or the
    name of a task. What only a cluster knows, such as an image, is not looked at.
    """
    return [*schema_problems(manifest), *reference_problems(manifest)]


def schema_problems(manifest: Node) -> list[str]:
    """Compare with the schema of hera's own models, closed against unknown fields."""
    schema = KINDS[manifest["kind"]].model_json_schema(by_alias=True)
    validator = jsonschema.Draft202012Validator(closed(schema))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(manifest)]


def closed(schema: Any) -> Any:  # noqa: ANN401 - a schema is any JSON
    """Let no object of a schema have fields that the schema does not name."""
    match schema:
        case list():
            return [closed(item) for item in schema]
        case {"type": "object", "properties": _}:
            return {key: closed(value) for key, value in schema.items()} | {
                "additionalProperties": False
            }
        case dict():
            return {key: closed(value) for key, value in schema.items()}
    return schema


def reference_problems(manifest: Node) -> list[str]:
    """Find an entrypoint, a template or a dependency that does not exist."""
    spec = manifest["spec"].get("workflowSpec", manifest["spec"])
    templates = {template["name"]: template for template in spec.get("templates", [])}
    found = []
    if spec.get("entrypoint") not in templates:
        found.append(f"entrypoint: no template {spec.get('entrypoint')}")
    for template in templates.values():
        tasks = {task["name"]: task for task in template.get("dag", {}).get("tasks", [])}
        for name, task in tasks.items():
            if "template" in task and task["template"] not in templates:
                found.append(f"{name}: no template {task['template']}")
            found += [f"{name}: depends on no task {other}" for other in depends(task) - {*tasks}]
    return found


def depends(task: Node) -> set[str]:
    """Name the tasks in an expression such as `load.Succeeded && check`."""
    return set(re.findall(r"(?<![\w.-])[\w-]+", task.get("depends", "")))
