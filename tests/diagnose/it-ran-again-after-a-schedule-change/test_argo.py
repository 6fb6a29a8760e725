import json

from testbed.argo import schema_problems
from tests.diagnose.staging.argo import workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import commands, run


def test_when_each_was_due_and_made_is_told(page: StagedPage) -> None:
    page.says("**Argo: the second was made long after its scheduled time.**")
    due, made = "2026-03-14T03:00:00Z", "2026-03-14T03:40:00Z"
    night = json.loads(workflow(due=due, of="nightly", name="nightly-1773457200"))
    night["metadata"]["creationTimestamp"] = made
    other = json.loads(workflow(due=due, of="weekly"))
    listed, _ = commands(page.code())
    said = run(listed, json.dumps([night, other]))
    assert said == f"nightly-1773457200\t{due}\t{made}\n"


def test_what_the_schedule_allows_is_told(page: StagedPage) -> None:
    page.says("With `concurrencyPolicy: Allow`, the default, it also starts next to one")
    spec = {"schedules": ["0 3 * * *"], "workflowSpec": {}}
    manifest = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "CronWorkflow",
        "metadata": {"name": "nightly"},
        "spec": spec,
    }
    _, shown = commands(page.code())
    assert run(shown, json.dumps(manifest)) == "Allow\t0\n"
    spec |= {"concurrencyPolicy": "Forbid", "startingDeadlineSeconds": 3600}
    assert not [one for one in schema_problems(manifest) if "concurrency" in one or "Dead" in one]
    assert run(shown, json.dumps(manifest)) == "Forbid\t3600\n"
