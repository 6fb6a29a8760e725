"""What has changed since a commit: committed, staged, unstaged, and not yet known to git."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

CONFIG = "mkdocs.yml"
DIFF = ("diff", "--name-only", "--no-renames", "-z")
NAV = f"nav in {CONFIG}"  # in place of the file where nothing else in it changed


class BaseError(Exception):
    """There is no such commit to compare with."""


def changed_since(base: str | None, root: Path) -> set[str]:
    """Return the paths that differ from where the work left `base`, by default the branch main."""
    start = git(root, "merge-base", base or default_base(root), "HEAD").strip()
    unknown = ("ls-files", "--others", "--exclude-standard", "-z")
    commands = ((*DIFF, start), (*DIFF, "--cached", start), unknown)
    paths = {path for command in commands for path in git(root, *command).split("\0") if path}
    if CONFIG in paths and only_nav_differs(start, root):
        paths = paths - {CONFIG} | {NAV}
    return paths


def default_base(root: Path) -> str:
    """Return the branch that changes are made for."""
    for branch in ("origin/main", "main"):
        try:
            return git(root, "rev-parse", "--verify", "--quiet", f"{branch}^{{commit}}").strip()
        except BaseError:
            continue
    raise BaseError("there is no branch main; name the commit to compare with: changed <commit>")


def only_nav_differs(start: str, root: Path) -> bool:
    """Tell whether mkdocs.yml is as it was but for `nav`."""
    try:
        before, now = git(root, "show", f"{start}:{CONFIG}"), (root / CONFIG).read_text("utf-8")
    except (BaseError, OSError):
        return False
    return without_nav(before) == without_nav(now)


def without_nav(config: str) -> str:
    """Leave `nav`, up to the next line that is not indented, out of mkdocs.yml."""
    return re.sub(r"^nav:\n(?:(?: .*)?\n)*", "", config, flags=re.M)


def git(root: Path, *arguments: str) -> str:
    """Return what git prints."""
    run = subprocess.run(["git", *arguments], cwd=root, capture_output=True, encoding="utf-8")
    if run.returncode:
        raise BaseError(f"git {' '.join(arguments)}: {run.stderr.strip() or 'no such commit'}")
    return run.stdout
