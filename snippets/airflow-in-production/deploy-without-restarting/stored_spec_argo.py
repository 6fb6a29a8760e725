"""A Workflow stores its template's spec when it starts; a moving image tag in it is not stored."""

from hera.workflows import Container, CronWorkflow, Steps, WorkflowTemplate
from hera.workflows.models import WorkflowTemplateRef

DIGEST = "sha256:" + 4 * "4f2a9c1b7d3e8056"  # what the registry answers for an image


# --8<-- [start:bug]
def template() -> WorkflowTemplate:
    """Run whatever the tag stands for when each pod starts."""
    with WorkflowTemplate(name="nightly", entrypoint="night") as template:
        load = Container(name="load-orders", image="registry.example/shop:main")
        with Steps(name="night"):
            load(name="load-orders")
    return template


# --8<-- [end:bug]
by_tag = template()


# --8<-- [start:fix]
def template() -> WorkflowTemplate:
    """Run the image that CI has built from one commit, in each pod of a run."""
    with WorkflowTemplate(name="nightly", entrypoint="night") as template:
        load = Container(name="load-orders", image=f"registry.example/shop@{DIGEST}")
        with Steps(name="night"):
            load(name="load-orders")
    return template


# --8<-- [end:fix]
by_digest = template()

nightly = CronWorkflow(
    name="nightly",
    schedules=["12 3 * * *"],
    workflow_template_ref=WorkflowTemplateRef(name="nightly"),
)


def images(template: WorkflowTemplate) -> list[str]:
    """Return the images that the stored spec names."""
    return [
        one["container"]["image"]
        for one in template.to_dict()["spec"]["templates"]
        if "container" in one
    ]


if __name__ == "__main__":
    for name, template in {"by tag": by_tag, "by digest": by_digest}.items():
        print(f"{name:<11}{images(template)[0]}")
