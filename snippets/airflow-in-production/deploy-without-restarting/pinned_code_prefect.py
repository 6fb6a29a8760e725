"""A run that starts again gets what the branch holds by then, or the commit that was deployed."""

import asyncio
import os
from collections.abc import Callable
from contextlib import chdir, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.responses import DeploymentResponse
from prefect.deployments.steps.core import run_steps
from prefect.runner.storage import GitRepository

from testbed.repository import Repository

BEFORE = """
from prefect import flow

@flow
def nightly():
    return "load_orders"
"""
AFTER = BEFORE.replace("load_orders", "load_shop_orders")


# --8<-- [start:bug]
def deploy(url: str) -> None:
    """Have each flow run pull what the branch then holds."""
    source = GitRepository(url, branch="main")
    nightly = flow.from_source(source, entrypoint="nightly.py:nightly")
    nightly.deploy("prod", work_pool_name="shop")


# --8<-- [end:bug]
deploy_branch = deploy


# --8<-- [start:fix]
def deploy(url: str) -> None:
    """Have each flow run pull the commit that CI has deployed."""
    commit = os.environ["GITHUB_SHA"]
    source = GitRepository(url, commit_sha=commit)
    nightly = flow.from_source(source, entrypoint="nightly.py:nightly")
    nightly.deploy("prod", work_pool_name="shop", version=commit)


# --8<-- [end:fix]
deploy_commit = deploy


def deployment() -> DeploymentResponse:
    """Read the deployment that the server has."""
    with get_client(sync_client=True) as client:
        return client.read_deployment_by_name("nightly/prod")


def started() -> str:
    """Pull the code as a flow run does at its start; return the task that it would run."""
    with TemporaryDirectory() as home, chdir(home):
        outputs = asyncio.run(run_steps(deployment().pull_steps, print_function=str))
        pulled = Path(home, outputs["directory"], "nightly.py").read_text(encoding="utf-8")
    return "load_shop_orders" if "load_shop_orders" in pulled else "load_orders"


def starts(deploy_one: Callable[[str], None]) -> list[str]:
    """Deploy, start a run, merge the rename, and start the run again."""
    with TemporaryDirectory() as home:
        repository = Repository(Path(home, "repository"))
        repository.release(BEFORE)
        os.environ["GITHUB_SHA"] = repository.commits[-1]
        with redirect_stdout(StringIO()):
            deploy_one(str(repository.folder))
        first = started()
        repository.release(AFTER)
        return [first, started()]


def create_pool() -> None:
    """Make the work pool that the deployments name."""
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name="shop", type="process"))


if __name__ == "__main__":
    create_pool()
    print(f"{'deployed':<10}{'started':<14}started again")
    for name, deploy_one in {"branch": deploy_branch, "commit": deploy_commit}.items():
        print("{:<10}{:<14}{}".format(name, *starts(deploy_one)))
