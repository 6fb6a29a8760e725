from types import ModuleType

import pytest


@pytest.fixture(scope="module", autouse=True)
def pool(program: ModuleType) -> None:
    program.create_pool()


def test_bug_is_real(program: ModuleType) -> None:
    assert program.starts(program.deploy_branch) == ["load_orders", "load_shop_orders"]


def test_fix_holds(program: ModuleType) -> None:
    assert program.starts(program.deploy_commit) == ["load_orders", "load_orders"]


def test_the_deployment_says_which_commit_it_is(program: ModuleType) -> None:
    program.starts(program.deploy_commit)
    deployed = program.deployment()
    assert deployed.version == program.os.environ["GITHUB_SHA"]
    ((step,),) = [one.values() for one in deployed.pull_steps]
    assert step["commit_sha"] == deployed.version
