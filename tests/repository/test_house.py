"""The house is in order: locks have hashes and no hosts, files name no machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from testbed.sandbox import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
HOSTS = re.compile(
    r"(pypi|pythonhosted|npmjs|debian)\.(org|com)|https?://(?!\S+\.(?:md|html))\S*simple"
)
MACHINE = re.compile(r"(?<![\w.])/(?:tmp|root|work|home)/[\w.-]+")


def test_every_group_has_its_lock() -> None:
    assert [lock.stem for lock in LOCKS] == sorted(GROUPS)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_pins_with_hashes_and_names_no_host(lock: Path) -> None:
    text = lock.read_text()
    pins = re.findall(r"^[a-z0-9][\w.-]*(?:\[[\w,-]+\])?==\S+", text, re.M)
    assert pins
    assert text.count("--hash=sha256:") >= len(pins)
    assert not re.search(r"https?://|index-url|find-links", text)


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = [
        f"{path}: {match[0]}"
        for path, text in tracked_text()
        if not path.startswith("tests/")
        for match in (HOSTS.search(text) or MACHINE.search(text),)
        if match
    ]
    assert not found


def tracked_text() -> list[tuple[str, str]]:
    git = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    paths = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = []
    for path in paths.splitlines():
        try:
            found.append((path, (ROOT / path).read_text(encoding="utf-8")))
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
    assert len(found) > 100
    return found


def test_nothing_that_belongs_here_is_ignored() -> None:
    git = ["git", "ls-files", "--others", "--ignored", "--exclude-standard"]
    rooms = ["docs", "snippets", "overrides", "tooling", "tests", "requirements", ".github"]
    ignored = subprocess.run([*git, *rooms], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not [path for path in ignored.stdout.splitlines() if "__pycache__" not in path]


def test_no_type_is_ignored_without_a_reason() -> None:
    reasoned = re.compile(r"# type: ignore\[[\w-]+\]  # \w")
    found = [
        f"{path}: {line.strip()}"
        for path, text in tracked_text()
        if path.startswith(("packages/", "tooling/"))
        for line in text.splitlines()
        if "# type: ignore" in line and not reasoned.search(line)
    ]
    assert not found
