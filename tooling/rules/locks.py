"""The locks: what `pyproject.toml` asks for is pinned in `requirements/`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tooling.course.course import Course
from tooling.rules import Problem, rule

PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.M)
CONFIG = "pyproject.toml"


@rule
def locks_are_current(course: Course) -> Iterator[Problem]:
    """What a dependency group asks for is pinned in its lock, at a version that it allows.

    `python3 noxfile.py lock <group>`
    """
    config = course.root / CONFIG
    text = config.read_text(encoding="utf-8", errors="replace") if config.is_file() else ""
    try:
        groups = tomllib.loads(text).get("dependency-groups", {})
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        yield Problem(CONFIG, int(line[1]) if line else 1, f"not TOML ({error})", "fix this line")
        return
    for group in groups:
        lock = course.root / "requirements" / f"{group}.txt"
        pins = pins_of(lock) if lock.is_file() else {}
        for wanted in wanted_by(groups, group):
            if what := lock_problem(wanted, pins):
                fix = f"run `python3 noxfile.py lock {group}`"
                what = f"{what} in requirements/{lock.name}"
                yield Problem(CONFIG, line_of(text, wanted), what, fix)


@rule
def projects_pin_what_is_tested(course: Course) -> Iterator[Problem]:
    """A project's `requirements.txt` has lines of its tool's lock: those versions are tested.

    `snippets/<course>/<chapter>/project_airflow/requirements.txt`, for one, takes its lines from
    `requirements/airflow.txt`, without the hashes.
    """
    for file in sorted((course.root / "snippets").glob("*/*/project_*/requirements.txt")):
        tool = file.parent.name.removeprefix("project_")
        lock = course.root / "requirements" / f"{tool}.txt"
        locked = set(pinned_lines(lock)) if lock.is_file() else set()
        path = file.relative_to(course.root).as_posix()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line and not line.startswith("#") and line not in locked:
                name = line.partition("==")[0]
                there = [one for one in sorted(locked) if one.startswith(f"{name}==")]
                fix = f"write {' and '.join(f'`{one}`' for one in there) or 'what it has'}"
                yield Problem(path, number, f"`{line}` is not in requirements/{tool}.txt", fix)


def pinned_lines(lock: Path) -> Iterator[str]:
    """Walk over the lines of a lock without their hashes."""
    for line in lock.read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            yield line.removesuffix("\\").rstrip()


def wanted_by(groups: dict[str, list[Any]], group: str) -> Iterator[str]:
    """Walk over what a group asks for, with the groups that it includes."""
    for one in groups[group]:
        if isinstance(one, str):
            yield one
        else:
            yield from wanted_by(groups, one["include-group"])


def pins_of(lock: Path) -> dict[str, list[str]]:
    """Read the versions that a lock pins, by package: more than one where systems differ."""
    pins: dict[str, list[str]] = {}
    for name, version in PIN.findall(lock.read_text(encoding="utf-8", errors="replace")):
        pins.setdefault(canonicalize_name(name), []).append(version)
    return pins


def lock_problem(wanted: str, pins: dict[str, list[str]]) -> str | None:
    """Say why a requirement is not met by the pins."""
    try:
        requirement = Requirement(wanted)
    except InvalidRequirement:
        return f"`{wanted}` is no requirement, so it is not pinned"
    versions = pins.get(canonicalize_name(requirement.name), [])
    if not versions:
        return f"`{wanted}` is not pinned"
    wrong = [one for one in versions if not requirement.specifier.contains(one, prereleases=True)]
    return f"`{wanted}` is pinned at {wrong[0]}" if wrong else None


def line_of(text: str, wanted: str) -> int:
    """Return the line of a requirement in the configuration."""
    at = text.find(f'"{wanted}"')
    return text.count("\n", 0, max(at, 0)) + 1
