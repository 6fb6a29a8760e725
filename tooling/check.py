"""Check all content against the rules, and say what would be right."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tooling.course import Course
from tooling.pages import PageError
from tooling.rules import RULES, Finding


def findings(course: Course) -> list[Finding]:
    """Apply every rule; the same fault is told once."""
    return sorted({finding for rule in RULES for finding in rule(course)})


def report(course: Course) -> int:
    """Print what is wrong, also as annotations on GitHub, and return how many faults there are."""
    found = findings(course)
    for one in found:
        print(one, file=sys.stderr, flush=True)
        if os.environ.get("GITHUB_ACTIONS"):
            print(f"::error file={one.path},line={one.line}::{one.what}; {one.mend}")
    return len(found)


def main() -> None:
    """Check the course in the current folder."""
    try:
        course = Course.read(Path.cwd())
    except PageError as error:  # mkdocs.yml itself
        sys.exit(str(error))
    faults = report(course)
    if faults:
        sys.exit(f"{faults} fault{'s' * (faults > 1)} in the content.")
    print(f"{len(course.pages)} pages keep {len(RULES)} rules.")


if __name__ == "__main__":
    main()
