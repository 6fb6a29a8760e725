"""Whoever follows CONTRIBUTING.md to the letter ends with a green check.

Each command of each recipe is run in the order of the page, in a small course, with the Python that
the command would run. That the tests which are made can pass is tried in the session of each tool
(tests/content/test_templates.py).
"""

from __future__ import annotations

import ast
import math
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from testbed.sandbox import PACKAGES, ROOT
from testbed.tools import TOOLS
from tooling.course.course import Course
from tooling.course.reading import WORDS_A_MINUTE, reading_minutes
from tooling.rules.chapter import PARTS
from tooling.rules.check import problems

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FIXTURE = ROOT / "tests" / "fixtures" / "course"
NAMES = {
    "<term>": "cold-start",
    "<symptom>": "nothing-happens",
    "<course>": "pipelines",
    "<chapter>": "late-input",
    "<idea>": "late_rows",
    "<lab>": "how-late",
}
SHARED = ("packages", "tests/diagnose/staging", "tests/labs/running.py")  # imported by what is made
MODULES = {
    "new": "tooling.authoring.scaffold",
    "run": "testbed.sandbox",
    "record": "tooling.authoring.recordings",
    "exercise": "tooling.authoring.exercise",
    "check": "tooling.rules.check",
}
UNWRITTEN = "nothing-left-to-write"  # the rule
ELSEWHERE = {  # what is tried by other tests, or is the tests
    *("serve", "changed", "snippets", "browser", "zensical", "lock", "synthetic", "stack", ""),
    *TOOLS,
}


@dataclass(frozen=True)
class Command:
    """A line of a recipe: the session that it names, and what it gives to it."""

    recipe: str
    session: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        """Write it as an id."""
        return shlex.join([self.session, *self.arguments])


def commands() -> Iterator[Command]:
    """Walk over the commands of the page."""
    recipe = ""
    for heading, code in re.findall(r"^## ([^\n]+)$|^```bash\n(.+?)^```$", PAGE, re.M | re.S):
        recipe = heading or recipe
        for line in code.splitlines():
            python, noxfile, *words = shlex.split(filled_in(line), comments=True)
            assert (python, noxfile) == ("python3", "noxfile.py"), line
            yield Command(recipe, *words[:1] or [""], tuple(words[1:]))


def filled_in(line: str) -> str:
    """Put the names of something in the place of `<…>`."""
    return re.sub(r"<\w+>", lambda match: NAMES[match[0]], line)


COMMANDS = list(commands())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small course of its own."""
    root = shutil.copytree(FIXTURE, tmp_path / "course")
    for path in SHARED:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).symlink_to(ROOT / path)
    return root


def python(root: Path, *arguments: str) -> None:
    """Run Python in a course as a session would."""
    env = os.environ | {"COURSE_ROOT": str(root), "PYTHONPATH": f"{ROOT}:{PACKAGES}"}
    run = subprocess.run(
        [sys.executable, *arguments], cwd=root, env=env, capture_output=True, text=True
    )
    assert run.returncode == 0, f"{shlex.join(arguments)}\n{run.stdout}{run.stderr}"


def carry_out(command: Command, root: Path) -> None:
    """Do what a command does, and write what its author then has to."""
    match command.session:
        case "new":
            python(root, "-m", MODULES["new"], *command.arguments)
            write_what_is_missing(root)
        case "run" | "record" | "exercise" | "check" as session:
            python(root, "-m", MODULES[session], *command.arguments)
        case session:
            assert session in ELSEWHERE, f"nobody tries `{command}`: teach this test to"
            assert all((root / one).exists() for one in command.arguments if "/" in one)


def write_what_is_missing(root: Path) -> None:
    """Write words where the check finds placeholders, until it finds none."""
    while unwritten := [one for one in problems(Course.read(root)) if one.rule == UNWRITTEN]:
        for number, one in enumerate(unwritten):
            path = root / one.path
            lines = path.read_text(encoding="utf-8").split("\n")
            lines[one.line - 1] = written(lines[one.line - 1], number)
            path.write_text("\n".join(lines), encoding="utf-8")
    for page in Course.read(root).of_kind("chapter"):
        fill_its_minutes(root / "docs" / page.uri, reading_minutes(page, root))


def written(line: str, number: int) -> str:
    """Write a line as an author would: a choice is made, and the rest is words."""
    line = re.sub(r"  # ….*", "", line)
    return re.sub(r"…[^\"'.?]*", f"Words number {number}", line, count=1)


def fill_its_minutes(page: Path, minutes: float) -> None:
    """Make a chapter as long as it plans to be."""
    text = page.read_text(encoding="utf-8")
    planned = math.ceil(minutes)
    more = " ".join(["word"] * round((planned - minutes) * WORDS_A_MINUTE))
    text = re.sub(r"^minutes: \d+", f"minutes: {planned}", text, count=1, flags=re.M)
    page.write_text(text.replace("\n## The price", f"\n{more}\n\n## The price"), encoding="utf-8")


@pytest.mark.parametrize("recipe", list(dict.fromkeys(one.recipe for one in COMMANDS)))
def test_recipe_ends_green(recipe: str, root: Path) -> None:
    for command in COMMANDS:
        if command.recipe == recipe:
            carry_out(command, root)
    assert not [str(one) for one in problems(Course.read(root))]
    made = [one for room in ("docs", "snippets", "tests") for one in (root / room).rglob("*.py")]
    own = [str(one) for one in made if not (FIXTURE / one.relative_to(root)).exists()]
    for check in (["check"], ["format", "--check"]):
        python(root, "-m", "ruff", "--config", str(ROOT / "pyproject.toml"), *check, *own)


def test_every_command_is_there() -> None:
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    sessions = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
    named = set(re.findall(r"`?python3 noxfile\.py (\w+)", PAGE))
    assert named and named <= sessions


def test_every_kind_that_can_be_made_has_a_recipe() -> None:
    from tooling.authoring.scaffold import KINDS

    made = {one.arguments[0] for one in COMMANDS if one.session == "new"}
    assert made == set(KINDS)


def test_what_is_named_is_there() -> None:
    named = re.findall(r"`((?:docs|snippets|packages|tooling|tests|overrides)/[\w./-]*)`", PAGE)
    linked = re.findall(r"\]\(([\w./-]+)\)", PAGE)
    assert len(named) > 10 and len(linked) > 3
    assert not [path for path in (*named, *linked) if not (ROOT / path).exists()]


def test_names_of_the_recipes_are_nobodys() -> None:
    """Or a contributor who types them has to choose others."""
    assert not [name for name in re.findall(r"noxfile\.py new (.+)", PAGE) if "<" not in name]


def test_anatomy_names_the_parts_in_their_order() -> None:
    anatomy = (ROOT / "docs" / "contribute" / "chapter.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `#([\w-]+)` \|", anatomy, re.M) == list(PARTS)
