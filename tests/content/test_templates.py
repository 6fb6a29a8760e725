"""What a scaffold makes for a tool works in that tool: its program, its recording, its tests.

The files are made from the templates as they are, since not every environment can scaffold.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from testbed.sandbox import CACHE, PACKAGES, ROOT
from testbed.tools import NONE

TEMPLATES = ROOT / "tooling/authoring/templates"  # in one string, by which `changed` finds it
FIXTURE = ROOT / "tests" / "fixtures" / "course"
FOLDER = "pipelines/late-input"
SHARED = (
    *("packages", "tooling", "pyproject.toml", ".cache"),
    *(f"tests/{path.name}" for path in sorted(ROOT.glob("tests/*.py"))),
    *("tests/content/test_recordings.py", "tests/labs/running.py", "tests/snippets/conftest.py"),
    "tests/snippets/exercises.py",
    *("tests/diagnose/conftest.py", "tests/diagnose/staging", "tests/diagnose/company"),
)
OUTCOMES = {  # of the broken version and of the fixed one
    "none": ("0.0", "1000.0"),
    "airflow": ('"success"', '"failed"'),
    "dagster": ('"SUCCESS"', '"FAILURE"'),
    "prefect": ('"COMPLETED"', '"FAILED"'),
    "argo": ("0", "1"),
}
ANSWERS = {  # to what the symptom's page asks, or the lab
    "none": ('{"broken": 900.0, "fixed": 1000.0}', '{"broken": 950.0, "fixed": 1000.0}'),
    "airflow": ('"night\\trunning\\n"', '[("night", "running")]'),
    "dagster": ('["SUCCESS"]',),
    "prefect": ('"Completed\\n"',),
    "argo": ('"load\\tRunning\\n"',),
}
GRADED = (  # of what is given and of the solution
    '"… what happened, to whom it matters, and where to look."',
    '"… what the reader is told at the end."',
)
PAGE = """\
---
seen: [nothing, nothing at all]
sees: waits
mode: silent-success
tools: [{tool}]
---
# Nothing happens

It waits.

## The check {{ #check }}

{fence}"""


@pytest.fixture
def root(tool: str, tmp_path: Path) -> Path:
    """A small course with what was made for a tool, and its author's answers."""
    root = shutil.copytree(FIXTURE, tmp_path / "course")
    for room in ("tests", "tooling"):
        shutil.rmtree(root / room)
    CACHE.mkdir(exist_ok=True)  # or there is nothing to share yet
    for shared in SHARED:
        (root / shared).unlink(missing_ok=True)
        (root / shared).parent.mkdir(parents=True, exist_ok=True)
        (root / shared).symlink_to(ROOT / shared)
    write_snippet(root, tool)
    write_exercise(root, tool)
    write_lab(root) if tool == NONE else write_symptom(root, tool)
    return root


def write_snippet(root: Path, tool: str) -> None:
    """Write a program, its recording and its test."""
    idea = "loop" if tool == NONE else f"loop_{tool}"
    (root / "snippets" / FOLDER).mkdir()
    for suffix in (".py", ".out"):
        text = template(f"snippet/{tool}{suffix}")
        (root / "snippets" / FOLDER / f"{idea}{suffix}").write_text(text)
    test = answered(template(f"snippet/{tool}_test.py"), *OUTCOMES[tool])
    (root / "tests" / "snippets" / FOLDER).mkdir(parents=True)
    (root / "tests" / "snippets" / FOLDER / f"test_{idea}.py").write_text(test)


def write_exercise(root: Path, tool: str) -> None:
    """Write an exercise, its recording and its test, without wrong answers."""
    name = "loop_exercise" if tool == NONE else f"loop_exercise_{tool}"
    for suffix in (".py", ".out"):
        text = template(f"exercise/{tool}{suffix}")
        (root / "snippets" / FOLDER / f"{name}{suffix}").write_text(text)
    test = answered(template("exercise/test.py"), *GRADED)
    test = re.sub(r"(?<=WRONG = )\{.*?\n\}", "{}", test, flags=re.S)  # it has one answer to all
    (root / "tests" / "snippets" / FOLDER / f"test_{name}.py").write_text(test)


def write_symptom(root: Path, tool: str) -> None:
    """Write a page with the check for one tool, and the test that stages it."""
    page = PAGE.format(tool=tool, fence=template(f"symptom/{tool}.md"))
    (root / "docs" / "diagnose" / "nothing-happens.md").write_text(page)
    test = answered(template(f"symptom/{tool}_test.py"), *ANSWERS[tool])
    test = test.replace("… the words that this proves", "It waits.")
    home = root / "tests" / "diagnose" / "nothing-happens"
    home.mkdir()
    (home / f"test_{tool}.py").write_text(test)


def write_lab(root: Path) -> None:
    """Write a lab and its test."""
    (root / "docs" / "labs" / "how-late.py").write_text(template("lab.py", title="How late"))
    test = answered(template("lab_test.py", name="how-late"), *ANSWERS[NONE])
    (root / "tests" / "labs" / "test_how_late.py").write_text(test)


def template(path: str, **words: str) -> str:
    """Read a template, and fill it in as far as that takes no more than putting words in."""
    text = (TEMPLATES / f"{path}.jinja").read_text(encoding="utf-8")
    for key, word in words.items():
        text = text.replace(f"{{{{ {key} }}}}", word)
    assert not re.search(r"\{[{%#]", text), f"{path} is not written as it stands"
    return text


def answered(test: str, *answers: str) -> str:
    """Put answers in the places of the placeholders, in their order."""
    left = iter(answers)
    text, places = re.subn(r'== "… [^"]+"', lambda _: f"== {next(left)}", test)
    assert places == len(answers)
    return text


def test_what_is_made_for_a_tool_works_in_it(tool: str, root: Path) -> None:
    pytest_ = [sys.executable, "-m", "pytest", f"--tool={tool}", "-rA", "tests", "-k", "not docs"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    env |= {"COURSE_ROOT": str(root), "PYTHONPATH": str(PACKAGES)}
    run = subprocess.run(pytest_, cwd=root, env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
    passed = set(re.findall(r"^PASSED \S+::(\w+)", run.stdout, re.M))
    lab = {"test_the_figures_are_those_of_the_words", "test_the_first_change_to_try"}
    symptom = {"test_the_check_tells_the_cause"}
    wanted = {"test_recording_is_current", "test_bug_is_real", "test_fix_holds"}
    wanted |= {"test_each_wrong_answer_is_answered"}
    assert passed >= wanted | (lab if tool == NONE else symptom)
