"""The history since this file is here: a subject says where and what, no message names a machine.

A clone may be shallow. Its oldest commits seem to have no parents and to add every file, but what
is recorded of them is whole.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from testbed.sandbox import ROOT
from tests.repository.test_house import HOSTS, MACHINE
from tooling.changes.since import git

HERE = Path(__file__).relative_to(ROOT).as_posix()
SUBJECT = re.compile(r'[a-z][\w./-]*(?:, [a-z][\w./-]*)*: [a-z][\w-]* .*[^.]|Revert ".+"')
LONGEST = 72
FORM = f"write `<area>: <verb> <thing>`, in lower case, {LONGEST} characters at most"


class Commit(NamedTuple):
    """A commit: its id, how many parents it has, and its message."""

    id: str
    parents: int
    message: str

    @property
    def subject(self) -> str:
        return self.message.partition("\n")[0]

    def __str__(self) -> str:
        return f"{self.id[:9]} ({self.subject})"


def commits_since(file: str, root: Path) -> list[Commit]:
    """Return the commits from the one that has added a file, newest first."""
    added = git(root, "log", "--diff-filter=A", "--format=%H", "--", file).split()
    if not added:
        return []  # it is not committed yet
    records = git(root, "rev-list", "--header", "HEAD", "--not", f"{added[-1]}^@").split("\0")
    return [parse(record) for record in records if record.strip()]


def parse(record: str) -> Commit:
    """Read a commit as it is recorded, its message indented."""
    head, _, message = record.partition("\n\n")
    id, *fields = head.splitlines()
    parents = sum(field.startswith("parent ") for field in fields)
    return Commit(id, parents, "\n".join(line[4:] for line in message.splitlines()))


def is_subject(text: str) -> bool:
    """Tell whether a subject says in which area something is done, and what."""
    return SUBJECT.fullmatch(text) is not None and len(text) <= LONGEST


def named_place(text: str) -> str | None:
    """Return a path of a machine or a host of a registry that a message names."""
    match = MACHINE.search(text) or HOSTS.search(text)
    return match[0] if match else None


def test_a_subject_says_where_and_what() -> None:
    commits = [commit for commit in commits_since(HERE, ROOT) if commit.parents < 2]
    assert not [f"{one}: {FORM}" for one in commits if not is_subject(one.subject)]


def test_a_message_names_no_machine_and_no_registry() -> None:
    found = ((commit, named_place(commit.message)) for commit in commits_since(HERE, ROOT))
    assert not [f"{commit} names {place}: leave it out" for commit, place in found if place]


@pytest.mark.parametrize(
    "subject",
    [
        "site: keep tables in llms-full.txt",
        "tests/site, overrides: show the focus on tabs",
        "one-tick: fix a typo",
        'Revert "site: keep tables in llms-full.txt"',
        f"site: keep {'a' * 61}",
    ],
)
def test_a_right_subject(subject: str) -> None:
    assert is_subject(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "Update one-tick.md",
        "Keep the tests of a file in one process",
        "Site: keep tables",
        "site: Keep tables",
        "site: keep tables.",
        "site: tables",
        "site keep: ",
        ": keep tables",
        f"site: keep {'a' * 62}",
        "",
    ],
)
def test_a_wrong_subject(subject: str) -> None:
    assert not is_subject(subject)


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("site: keep x\n\nSee /tmp/h/x.", "/tmp/h"),
        ("site: keep x\n\nIt stood in `/home/me/course`.", "/home/me"),
        ("site: read /work/main", "/work/main"),
        ("site: ask pypi.org", "pypi.org"),
        ("site: ask https://mirror.example/simple", "https://mirror.example/simple"),
        ("site: read docs/work/page.md and tests/home/x", None),
        ("site: link https://airflow.apache.org/docs", None),
    ],
)
def test_a_place_is_found(message: str, place: str | None) -> None:
    assert named_place(message) == place


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A repository: an old commit, one that adds the file, and a pull request that is merged."""
    origin = tmp_path / "origin"
    origin.mkdir()

    def commit(subject: str, name: str) -> None:
        (origin / name).write_text(subject)
        run("add", "--all")
        run("commit", "--quiet", "--message", f"{subject}\n\nWhy.")

    def run(*arguments: str) -> str:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        return git(origin, *who, *arguments)

    run("init", "--quiet", "--initial-branch", "main")
    commit("Before", "old")
    commit("here: add it", "here")
    run("switch", "--quiet", "--create", "change")
    commit("there: change it", "there")
    run("switch", "--quiet", "main")
    commit("here: go on", "here")
    run("merge", "--quiet", "--no-ff", "--message", "Merge change", "change")
    return origin


@pytest.mark.parametrize(
    ("depth", "subjects"),
    [
        (None, ["Merge change", "here: add it", "here: go on", "there: change it"]),
        (3, ["Merge change", "here: add it", "here: go on", "there: change it"]),
        (2, ["Merge change", "here: go on", "there: change it"]),
        (1, ["Merge change"]),
    ],
)
def test_the_history_begins_with_the_file_as_deep_as_the_clone_goes(
    history: Path, tmp_path: Path, depth: int | None, subjects: list[str]
) -> None:
    clone = tmp_path / "clone"
    shallow = [f"--depth={depth}"] if depth else []
    git(tmp_path, "clone", "--quiet", *shallow, f"file://{history}", str(clone))
    found = commits_since("here", clone)
    assert sorted(commit.subject for commit in found) == subjects
    assert {commit.subject for commit in found if commit.parents > 1} == {"Merge change"}
    assert all(commit.message.strip().endswith(("Why.", "Merge change")) for commit in found)


def test_a_file_that_is_not_committed_has_no_history(history: Path) -> None:
    assert commits_since("new", history) == []
