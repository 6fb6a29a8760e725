"""A container for development runs our commands, and forwards the ports that they serve on."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import pytest

from testbed.sandbox import ROOT
from testbed.tools import TOOLS

FILE = ROOT / ".devcontainer" / "devcontainer.json"
SITE = ROOT / "tooling" / "site" / "serve.py"


@pytest.fixture(scope="module")
def container() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def port_of_the_site() -> int:
    """The port that `serve` takes where it is given none."""
    found = re.search(r'^HOST, PORT = "[\d.]+", "(\d+)"$', SITE.read_text("utf-8"), re.M)
    assert found, "tooling/site/serve.py names its port elsewhere: teach this test to find it"
    return int(found[1])


def test_it_forwards_the_ports_of_our_commands(container: dict[str, Any]) -> None:
    ours = {port_of_the_site(), *(tool.port for tool in TOOLS.values() if tool.stack)}
    assert len(ours) == 4
    assert set(container["forwardPorts"]) == ours
    assert {int(port) for port in container["portsAttributes"]} == ours


def test_it_begins_with_a_session_of_ours(container: dict[str, Any]) -> None:
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    sessions = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
    [named] = re.findall(
        r"noxfile\.py --install-only --session (\w+)", container["postCreateCommand"]
    )
    assert named in sessions


def test_it_has_the_oldest_python_that_we_support(container: dict[str, Any]) -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    [oldest] = re.findall(r'^requires-python = ">=([\d.]+)"$', project, re.M)
    assert re.search(rf":\d+-{re.escape(oldest)}-", container["image"])


def test_it_takes_nothing_else_from_outside(container: dict[str, Any]) -> None:
    assert not {"features", "build", "dockerFile", "customizations"} & set(container)
