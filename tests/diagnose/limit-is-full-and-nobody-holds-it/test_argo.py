import json

from testbed.argo import schema_problems
from tests.diagnose.staging.argo import workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import commands, run

WHY = "Waiting for night/Mutex/orders lock. Lock status: 0/1"


def test_the_holder_is_named(page: StagedPage) -> None:
    page.says("**Argo: a holder that `argo list` does not have.**")
    said = json.loads(workflow())
    mutex = {"mutex": "night/Mutex/orders", "holder": "night/nightly-0"}
    semaphore = {"semaphore": "night/ConfigMap/limits/api", "holders": ["night/nightly-9"]}
    waiting = {"mutex": {"waiting": [mutex]}, "semaphore": {"waiting": [semaphore]}}
    said["status"] |= {"phase": "Pending", "message": WHY, "synchronization": waiting}
    assert not schema_problems(said)
    who, listed = commands(page.code())
    answer = run(who, json.dumps(said), WORKFLOW="nightly-1")
    assert answer == f"{WHY}\tnight/nightly-0\tnight/nightly-9\n"
    assert run(listed, "NAME STATUS AGE DURATION PRIORITY MESSAGE")
