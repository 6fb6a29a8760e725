"""A new chapter, term or symptom: made in every room, and nothing is overwritten."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from testbed.sandbox import ROOT
from tooling.authoring.scaffold import main
from tooling.course.course import Course
from tooling.rules.check import problems

NAME = "anatomy-of-a-broken-pipeline/schedule-drift-test"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("docs", "overrides", "snippets", "tests/snippets", "requirements"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


def files(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def test_a_chapter_is_made_in_every_room(copy: Path) -> None:
    before = files(copy)
    main(["chapter", NAME], copy)
    after = files(copy)
    assert sorted(set(after) - set(before)) == [
        f"docs/{NAME}.md",
        f"snippets/{NAME}/schedule_drift_test.py",
        f"tests/snippets/{NAME}/test_schedule_drift_test.py",
    ]
    assert [path for path in before if before[path] != after[path]] == ["mkdocs.yml"]


def test_a_chapter_is_last_of_its_course_in_nav(copy: Path) -> None:
    main(["chapter", NAME], copy)
    course = Course.read(copy)
    page = course.pages["anatomy-of-a-broken-pipeline/index.md"]
    assert [chapter.id for chapter in course.chapters_of(page)][-1] == NAME


def test_its_program_runs_and_its_tests_wait_to_be_written(copy: Path) -> None:
    main(["chapter", NAME], copy)
    program = copy / "snippets" / NAME / "schedule_drift_test.py"
    run = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    assert run.stdout == "broken: EUR 0.00\nfixed:  EUR 1000.00\n"
    promise = copy / "tests" / "snippets" / NAME / "test_schedule_drift_test.py"
    test = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", str(promise)]
    assert "2 failed" in subprocess.run(test, capture_output=True, text=True, check=False).stdout


def test_the_check_then_says_what_is_missing_and_nothing_else(copy: Path) -> None:
    main(["chapter", NAME], copy)
    told = {f"{one.what}" for one in problems(Course.read(copy))}
    assert any("minutes to read, 12 planned" in what for what in told)
    assert any("no recording" in what for what in told)
    assert {one.path.split("/")[-1] for one in problems(Course.read(copy))} == {
        "schedule-drift-test.md",
        "schedule_drift_test.py",
    }


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (["term", "head-of-line-blocking"], "docs/glossary/head-of-line-blocking.md"),
        (["symptom", "task-hangs-in-deferred"], "docs/diagnose/task-hangs-in-deferred.md"),
    ],
)
def test_an_entry_is_made(copy: Path, arguments: list[str], path: str) -> None:
    main(arguments, copy)
    assert (copy / path).is_file()
    assert not Course.read(copy).errors


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "usage: new chapter <course>/<chapter>"),
        (["chapter", "silent-success"], "usage:"),
        (["chapter", "no-such-course/x"], "there is no course docs/no-such-course/"),
        (["chapter", "anatomy-of-a-broken-pipeline/02-drift"], "`02-drift` is no name"),
        (["chapter", "anatomy-of-a-broken-pipeline/silent-success"], "is there already"),
        (["term", "silent-success"], "docs/glossary/silent-success.md is there already"),
    ],
)
def test_what_cannot_be_made_changes_nothing(copy: Path, arguments: list[str], says: str) -> None:
    before = files(copy)
    with pytest.raises(SystemExit) as stop:
        main(arguments, copy)
    assert says in str(stop.value)
    assert files(copy) == before
