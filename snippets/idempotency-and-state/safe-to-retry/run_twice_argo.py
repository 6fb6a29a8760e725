"""Argo: a key from a workflow parameter is the same in a retry and in a resubmission."""

import subprocess
import sys

from hera.workflows import Parameter, RetryStrategy, Steps, Workflow, script

DAY = "2026-05-12"  # as in `argo submit -p day=2026-05-12`


# --8<-- [start:task]
@script(image="python:3.13-slim", retry_strategy=RetryStrategy(limit=1))
def charge_renewals(period: str) -> None:
    """Charge each renewal under a key; here it prints the keys."""
    for number in range(10):
        print(f"renewal/sub-{number}/{period}")


# --8<-- [end:task]
def drawn() -> Workflow:
    """Build the workflow whose keys know which workflow they are in."""
    # --8<-- [start:bug]
    billing = Workflow(generate_name="billing-", entrypoint="bill")
    with billing, Steps(name="bill"):
        charge_renewals(arguments={"period": "{{workflow.uid}}"})
    # --8<-- [end:bug]
    return billing


def derived() -> Workflow:
    """Build the workflow whose keys know which day is billed."""
    # --8<-- [start:fix]
    day = Parameter(name="day")
    billing = Workflow(generate_name="billing-", entrypoint="bill", arguments=[day])
    with billing, Steps(name="bill"):
        charge_renewals(arguments={"period": "{{workflow.parameters.day}}"})
    # --8<-- [end:fix]
    return billing


def keys(workflow: Workflow, uid: str) -> set[str]:
    """Run the script that the rendered step carries, as a workflow of that uid would."""
    [bill, charge] = workflow.to_dict()["spec"]["templates"]
    [[step]] = bill["steps"]
    source = charge["script"]["source"]
    for argument in step["arguments"]["parameters"]:
        value = str(argument["value"]).replace("{{workflow.uid}}", uid)
        value = value.replace("{{workflow.parameters.day}}", DAY)
        source = source.replace(f"{{{{inputs.parameters.{argument['name']}}}}}", value)
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, check=True, text=True)
    return set(run.stdout.split())


def charges_after(workflow: Workflow, uids: list[str]) -> int:
    """Count the different keys that these executions send."""
    return len(set.union(*(keys(workflow, uid) for uid in uids)))


WORKFLOWS = {"workflow.uid": drawn(), "parameter": derived()}
RETRIED = ["0f1e", "0f1e"]  # a retry is another pod of the same workflow
RESUBMITTED = ["0f1e", "2d3c"]  # argo resubmit makes another workflow

if __name__ == "__main__":
    print("key from      one retry  resubmitted")
    for name, workflow in WORKFLOWS.items():
        again = (charges_after(workflow, uids) for uids in (RETRIED, RESUBMITTED))
        print("{:<14}{:<11}{}".format(name, *again))
