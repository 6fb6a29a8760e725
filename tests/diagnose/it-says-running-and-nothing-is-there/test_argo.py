from tests.diagnose.staging.argo import STARTED, workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_what_runs_is_told_with_its_machine(page: StagedPage) -> None:
    page.says("**Argo: a pod that `kubectl` does not have.**")
    running = {"phase": "Running", "startedAt": STARTED}
    said = workflow(
        {"displayName": "load", "hostNodeName": "machine-3", **running},
        {"displayName": "count", **running},
        {"displayName": "all", "type": "DAG", **running},
        {"displayName": "old", "phase": "Succeeded"},
    )
    assert run(page.code(), said, WORKFLOW="nightly-1").splitlines() == [
        f"load\t{STARTED}\tmachine-3",
        f"count\t{STARTED}\tno machine",
    ]
