"""Argo: a key from a workflow parameter is the same in a retry and in a resubmission."""

import subprocess
import sys

from hera.workflows import Parameter, RetryStrategy, Steps, Workflow, script

CUSTOMERS = 10
# --8<-- [start:units]
UNITS = {  # what the step is given as its unit of work
    "workflow.uid": "{{workflow.uid}}",
    "parameter": "{{workflow.parameters.day}}",
}
# --8<-- [end:units]


# --8<-- [start:task]
@script(image="python:3.13-slim", retry_strategy=RetryStrategy(limit=1))
def charge_renewals(unit: str, customers: int) -> None:
    """Print the key of each charge."""
    for customer in range(customers):
        print(f"renewal/{unit}/{customer}")


# --8<-- [end:task]


def billing(unit: str) -> Workflow:
    """Charge every customer once for each unit."""
    day = Parameter(name="day", value="2026-03-13")
    workflow = Workflow(generate_name="billing-", entrypoint="bill", arguments=[day])
    with workflow, Steps(name="bill"):
        charge_renewals(arguments={"unit": unit, "customers": CUSTOMERS})
    return workflow


def keys(unit: str, uid: str) -> set[str]:
    """Run the script that the rendered step carries, as a workflow of that uid would."""
    spec = billing(unit).to_dict()["spec"]
    [bill, charge] = spec["templates"]
    [[step]] = bill["steps"]
    source = charge["script"]["source"]
    for argument in step["arguments"]["parameters"]:
        value = str(argument["value"]).replace("{{workflow.uid}}", uid)
        value = value.replace("{{workflow.parameters.day}}", "2026-03-13")
        source = source.replace(f"{{{{inputs.parameters.{argument['name']}}}}}", value)
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, check=True, text=True)
    return set(run.stdout.split())


def charges_after(unit: str, uids: list[str]) -> int:
    """Count the different keys that these executions send."""
    return len(set.union(*(keys(unit, uid) for uid in uids)))


RETRIED = ["0f1e", "0f1e"]  # a retry is another pod of the same workflow
RESUBMITTED = ["0f1e", "2d3c"]  # argo resubmit makes another workflow

if __name__ == "__main__":
    print("key from      one retry  resubmitted")
    for name, unit in UNITS.items():
        again = (charges_after(unit, uids) for uids in (RETRIED, RESUBMITTED))
        print("{:<14}{:<11}{}".format(name, *again))
