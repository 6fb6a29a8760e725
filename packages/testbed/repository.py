"""A file of pipeline code under version control, for what deploys it."""

from __future__ import annotations

import subprocess
from pathlib import Path

FILE = "nightly.py"
SETTINGS = ("user.name=CI", "user.email=ci@localhost", "init.defaultBranch=main")


class Repository:
    """A Git repository with one file: as a folder it shows the last release, as Git every one.

    folder: its work tree. file: where in it the code lies. commits: the hashes of its releases,
    oldest first.
    """

    def __init__(self, folder: Path, file: str = FILE) -> None:
        self.folder, self.file = folder, file
        self.commits: list[str] = []
        (folder / file).parent.mkdir(parents=True)
        self.git("init")

    def release(self, source: str) -> None:
        """Write this source into the file and commit it."""
        (self.folder / self.file).write_text(source, encoding="utf-8")
        self.git("add", self.file)
        self.git("commit", "--message=release")
        self.commits.append(self.git("rev-parse", "HEAD"))

    def git(self, *arguments: str) -> str:
        """Run git on this repository and return what it prints; CalledProcessError: it failed."""
        options = [option for setting in SETTINGS for option in ("-c", setting)]
        command = ["git", "-C", str(self.folder), *options, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def number(self, commit: str) -> int:
        """Number the commits from 1: a hash would be another one at every run."""
        return self.commits.index(commit) + 1
