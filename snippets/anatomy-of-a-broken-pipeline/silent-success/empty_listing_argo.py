"""An Argo step succeeds by its exit code, so a step must turn no effect into one."""

import subprocess
import sys

from hera.workflows import DAG, Parameter, Workflow, script

PYTHON = "python:3.13-slim"
FILES_MOVED = [Parameter(name="files", value="[]"), Parameter(name="declared", value="10")]


# --8<-- [start:load]
@script(image=PYTHON)
def load_orders(files: list) -> None:
    """Load every listed file and print the number of orders."""
    print(sum(files))


# --8<-- [end:load]
# --8<-- [start:fix]
@script(image=PYTHON)
def assert_effect(loaded: int, declared: int) -> None:
    """Exit non-zero unless what was loaded is what was declared."""
    if int(loaded) != int(declared):
        raise SystemExit(f"{loaded} loaded, {declared} declared")


# --8<-- [end:fix]
@script(image=PYTHON)
def publish_revenue(loaded: int) -> None:
    """Publish the figure on the CFO dashboard, at EUR 100 an order."""
    print(loaded * 100)


# --8<-- [start:workflows]
def nightly(asserted: bool) -> Workflow:
    """Load, perhaps assert, then publish; the arguments are one night."""
    workflow = Workflow(generate_name="nightly-", entrypoint="night", arguments=FILES_MOVED)
    with workflow, DAG(name="night"):
        load = load_orders(arguments={"files": workflow.get_parameter("files")})
        loaded = {"loaded": load.result}
        publish = publish_revenue(arguments=loaded)
        if asserted:
            declared = {"declared": workflow.get_parameter("declared")}
            load >> assert_effect(arguments=loaded | declared) >> publish
        else:
            load >> publish
    return workflow


# --8<-- [end:workflows]


def exit_code(template: str, **inputs: str) -> int:
    """Run the script that a rendered step carries, as its container would."""
    steps = {step.name: step for step in nightly(asserted=True).build().spec.templates}
    source = steps[template].script.source
    for name, value in inputs.items():
        source = source.replace(f"{{{{inputs.parameters.{name}}}}}", value)
    python = [sys.executable, "-c", source]
    return subprocess.run(python, capture_output=True).returncode


STEPS = (
    ("load-orders", {"files": "[10]"}),
    ("load-orders", {"files": "[]"}),
    ("assert-effect", {"loaded": "10", "declared": "10"}),
    ("assert-effect", {"loaded": "0", "declared": "10"}),
    ("assert-effect", {"loaded": "0", "declared": "0"}),
)

if __name__ == "__main__":
    for template, inputs in STEPS:
        shown = ", ".join(f"{name} {value}" for name, value in inputs.items())
        print(f"{template:<15}{shown:<28}exit {exit_code(template, **inputs)}")
    print("The workflow is schema-checked, not executed: that takes a cluster.")
