"""Each rule finds what it forbids, with file, line and fix, and lets pass what it allows.

The examples are changes to the small course in `tests/fixtures/course/`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed.sandbox import PACKAGES, ROOT
from tests.tooling.rules.examples import (
    catalogue,
    chapter,
    code,
    exercise,
    files,
    links,
    locks,
    markup,
    nights,
    placeholders,
    planned,
    queries,
    screens,
    structure,
    tests,
    text,
)
from tests.tooling.rules.examples.example import (
    CHAPTER,
    PROGRAM,
    Example,
    append,
    applied,
    replace,
    write,
)
from tooling.course.course import Course
from tooling.course.pages import PageError
from tooling.rules import PAGE, RULES, Problem
from tooling.rules.check import problems
from tooling.site.components import rules as rules_as_markdown

FIXTURE = ROOT / "tests" / "fixtures" / "course"
EXAMPLES = [
    example
    for module in (
        structure,
        files,
        text,
        links,
        markup,
        locks,
        chapter,
        code,
        exercise,
        catalogue,
        nights,
        placeholders,
        planned,
        queries,
        screens,
        tests,
    )
    for example in module.EXAMPLES
]
RULE = {rule.name: rule for rule in RULES}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(FIXTURE, tmp_path_factory.mktemp("course"), dirs_exist_ok=True)


def found(example: Example, root: Path) -> list[Problem]:
    return list(RULE[example.rule](Course.read(root)))


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.says], ids=str)
def test_rule_finds_what_it_forbids(example: Example, copy: Path) -> None:
    with applied(example, copy):
        reported = found(example, copy)
        said = [one for one in reported if example.says in one.message]
        assert said, "\n".join(map(str, reported)) or "nothing was found"
        assert {one.path for one in said} == {example.at or example.path}
        assert all(pointed_at(one, example, copy) for one in said)


def pointed_at(problem: Problem, example: Example, root: Path) -> bool:
    """Tell whether a problem points at a line that is there, and at the one expected."""
    file = root / problem.path
    lines = file.read_text().split("\n") if file.is_file() else [""]
    return 1 <= problem.line <= len(lines) and (example.line or "") in lines[problem.line - 1]


@pytest.mark.parametrize("example", [one for one in EXAMPLES if not one.says], ids=str)
def test_rule_lets_pass_what_it_allows(example: Example, copy: Path) -> None:
    with applied(example, copy):
        assert not found(example, copy)


def test_every_rule_has_an_example_of_what_it_forbids() -> None:
    assert {example.rule for example in EXAMPLES if example.says} == set(RULE)


def test_fixture_course_keeps_every_rule() -> None:
    assert not problems(Course.read(FIXTURE))


def test_fixture_course_has_one_of_each_kind_and_a_course_without_a_hyphen() -> None:
    course = Course.read(FIXTURE)
    kinds = {"home", "track", "course", "chapter", "lab", "term", "symptom", "page"}
    assert {page.kind for page in course.pages.values()} == kinds
    assert course.courses == ["pipelines"]


def test_every_rule_is_explained_at_the_address_that_its_problems_name() -> None:
    course = Course.read(ROOT)
    page = course.pages[f"{PAGE.rstrip('/')}.md"]
    assert "<!-- rules -->" in page.text
    ids = re.findall(r"^#+ .* \{ #([\w-]+) \}$", rules_as_markdown(course, page, "full"), re.M)
    assert len(ids) == len(set(ids))
    assert set(RULE) <= set(ids)


def test_every_rule_says_what_is_right() -> None:
    assert not [rule.name for rule in RULES if not rule.text.partition("\n")[0].endswith(".")]


@pytest.fixture
def broken(copy: Path) -> Iterator[Path]:
    edit = replace("glossary/exit-code.md", "glossary/exit-cod.md")
    with applied(Example("", "", CHAPTER, edit), copy):
        yield copy


def test_the_check_stops_with_one_line_a_problem(broken: Path) -> None:
    run = check(broken)
    assert run.returncode == 1
    first, last = run.stderr.splitlines()
    assert re.fullmatch(
        rf"{CHAPTER}:\d+: `\S+` leads to docs/glossary/exit-cod.md, which is not there; "
        r"did you mean docs/glossary/exit-code.md\? \(contribute/rules/#links-lead-somewhere\)",
        first,
    )
    assert last == "1 problem in the content."


def test_the_check_annotates_on_github(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    out = check(broken).stdout
    assert re.match(rf"::error file={CHAPTER},line=\d+,title=links-lead-somewhere::`", out)
    assert out.endswith("(contribute/rules/#links-lead-somewhere)\n")


def test_nothing_reads_a_file_that_is_too_large(copy: Path) -> None:
    with applied(Example("", "", PROGRAM, append("x = (1,\n" * 1_300_000)), copy):
        run = check(copy)
    first, last = run.stderr.splitlines()
    assert first.startswith(f"{PROGRAM}:1: 10,401 kB, and a `.py` file may have 64; ")
    assert last == "1 problem in the content."


@pytest.mark.parametrize(
    ("nav", "says"),
    [
        ("", "mkdocs.yml:1: there is no `nav`"),
        ("nav:\n  - index.md\n  - Title:\n", "mkdocs.yml:4: an entry of `nav` that leads nowhere"),
        ("nav:\n  - index.md\nnav:\n  - index.md\n", "mkdocs.yml:4: the key `nav` stands twice"),
        ("<<<<<<< HEAD\nnav:\n  - index.md\n", "mkdocs.yml:[23]: not YAML"),
        ("nav:\n  - [a.md]\n", "mkdocs.yml:3: an entry of `nav` that leads nowhere"),
    ],
)
def test_a_course_without_its_order_stops_the_check(nav: str, says: str, copy: Path) -> None:
    config = Example("", "", "mkdocs.yml", write(f"site_name: X\n{nav}"))
    with applied(config, copy), pytest.raises(PageError, match=says):
        Course.read(copy)


def check(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tooling.rules.check"]
    return subprocess.run(
        command, cwd=root, capture_output=True, text=True, env=environment(root), check=False
    )


def environment(root: Path) -> dict[str, str]:
    return {**os.environ, "COURSE_ROOT": str(root), "PYTHONPATH": f"{ROOT}{os.pathsep}{PACKAGES}"}
