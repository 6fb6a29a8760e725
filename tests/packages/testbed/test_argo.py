from copy import deepcopy
from typing import Any

import pytest

from testbed.argo import problems

GOOD: dict[str, Any] = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Workflow",
    "metadata": {"generateName": "nightly-"},
    "spec": {
        "entrypoint": "night",
        "templates": [
            {
                "name": "night",
                "dag": {
                    "tasks": [
                        {"name": "load", "template": "step"},
                        {"name": "publish", "template": "step", "depends": "load.Succeeded"},
                    ]
                },
            },
            {"name": "step", "script": {"image": "python", "source": "print()"}},
        ],
    },
}


def test_good_manifest_has_no_fault() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda spec, _: spec.update(entrypont="night"), "'entrypont' was unexpected"),
        (lambda spec, _: spec.update(parallelism="many"), "$.spec.parallelism"),
        (lambda spec, _: spec.update(entrypoint="day"), "entrypoint: no template day"),
        (lambda _, task: task.update(template="stop"), "publish: no template stop"),
        (lambda _, task: task.update(depends="lead"), "publish: depends on no task lead"),
        (lambda _, task: task.update(depends="load && lead"), "publish: depends on no task lead"),
    ],
)
def test_fault_is_named(change: Any, problem: str) -> None:  # noqa: ANN401 - a lambda
    manifest = deepcopy(GOOD)
    spec = manifest["spec"]
    change(spec, spec["templates"][0]["dag"]["tasks"][1])
    (found,) = problems(manifest)
    assert problem in found
