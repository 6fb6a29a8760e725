"""What has changed is what git sees, wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tooling.changes.since import NAV, BaseError, changed_since, git

CONFIG = "site_name: A\n\nnav:\n  - index.md\n{nav}\n# Words\nplugins:\n  - {plugin}\n"


def run(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    return git(folder, *who, *arguments)


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / name).write_text(text)


def commit(folder: Path, **texts: str) -> None:
    write(folder, **texts)
    run(folder, "add", "--all")
    run(folder, "commit", "--quiet", "--allow-empty", "--message", "test: change a file")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository on a branch `work`, which main has left behind."""
    run(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path, one="1", two="2", **{"mkdocs.yml": CONFIG.format(nav="", plugin="tags")})
    run(tmp_path, "switch", "--quiet", "--create", "work")
    return tmp_path


def test_nothing_has_changed(clone: Path) -> None:
    assert changed_since(None, clone) == set()


def test_committed_staged_unstaged_and_new_files_count(clone: Path) -> None:
    commit(clone, committed="x")
    write(clone, staged="x", two="3", ündiscovered="x")
    run(clone, "add", "staged")
    assert changed_since(None, clone) == {"committed", "staged", "two", "ündiscovered"}


def test_what_is_staged_counts_even_if_it_was_taken_back_since(clone: Path) -> None:
    write(clone, one="other")
    run(clone, "add", "one")
    write(clone, one="1")
    assert changed_since(None, clone) == {"one"}


def test_a_rename_and_a_deletion_change_both_names(clone: Path) -> None:
    run(clone, "mv", "one", "moved")
    (clone / "two").unlink()
    assert changed_since(None, clone) == {"one", "moved", "two"}


def test_ignored_files_do_not_count(clone: Path) -> None:
    commit(clone, **{".gitignore": "kept\n"})
    write(clone, kept="x")
    assert changed_since(None, clone) == {".gitignore"}


def test_what_main_has_gained_meanwhile_is_not_ours(clone: Path) -> None:
    commit(clone, ours="x")
    run(clone, "switch", "--quiet", "main")
    commit(clone, theirs="x")
    run(clone, "switch", "--quiet", "work")
    assert changed_since(None, clone) == {"ours"}


def test_a_merged_pull_request_is_held_against_its_base(clone: Path, tmp_path: Path) -> None:
    """As it is checked out to be tested: one commit deep, and merged into the base."""
    commit(clone, ours="x")
    run(clone, "switch", "--quiet", "main")
    commit(clone, theirs="x")
    run(clone, "merge", "--quiet", "--no-ff", "--no-edit", "work")
    shallow = tmp_path / "shallow"
    run(clone, "clone", "--quiet", "--depth=2", f"file://{clone}", str(shallow))
    assert changed_since("HEAD^1", shallow) == {"ours"}


def test_the_branch_of_origin_comes_before_ones_own(clone: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    run(clone, "clone", "--quiet", "--branch", "main", str(clone), str(copy))
    commit(copy, ours="x")
    assert changed_since(None, copy) == {"ours"}
    assert changed_since("main", copy) == set()


@pytest.mark.parametrize(
    ("nav", "plugin", "changed"),
    [
        ("  - new.md", "tags", {NAV}),
        ("  - A:\n      - new.md\n\n  - B: b.md", "tags", {NAV}),
        ("  - new.md", "search", {"mkdocs.yml"}),
        ("", "search", {"mkdocs.yml"}),
        ("other:\n  - new.md", "tags", {"mkdocs.yml"}),
    ],
)
def test_nav_is_told_from_the_rest_of_its_file(
    clone: Path, nav: str, plugin: str, changed: set[str]
) -> None:
    write(clone, **{"mkdocs.yml": CONFIG.format(nav=nav, plugin=plugin)})
    assert changed_since(None, clone) == changed


def test_a_configuration_that_is_gone_is_no_change_of_nav(clone: Path) -> None:
    (clone / "mkdocs.yml").unlink()
    assert changed_since(None, clone) == {"mkdocs.yml"}


def test_an_unknown_commit_is_reported(clone: Path) -> None:
    with pytest.raises(BaseError, match="no-such-commit"):
        changed_since("no-such-commit", clone)


def test_without_a_branch_main_a_commit_has_to_be_named(clone: Path) -> None:
    run(clone, "branch", "--quiet", "--delete", "--force", "main")
    with pytest.raises(BaseError, match="name the commit to compare with"):
        changed_since(None, clone)


def test_a_folder_without_history_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BaseError, match="git"):
        changed_since("HEAD", tmp_path)
