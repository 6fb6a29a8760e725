"""Check all content against the rules, and say what would be right."""

from __future__ import annotations

import os
import sys

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.course.pages import PageError
from tooling.rules import RULES, Problem
from tooling.rules.files import files_are_small
from tooling.rules.text import files_are_text

FIRST = (files_are_small, files_are_text)  # or another would take minutes, or fail


def problems(course: Course) -> list[Problem]:
    """Apply every rule; while a file cannot be read, nothing else is said."""
    for rule in FIRST:
        if found := sorted(rule(course)):
            return found
    return sorted({problem for rule in RULES for problem in rule(course)})


def report(course: Course) -> int:
    """Print each problem, also as an annotation on GitHub, and return how many there are."""
    found = problems(course)
    for one in found:
        print(one, file=sys.stderr, flush=True)
        if os.environ.get("GITHUB_ACTIONS"):
            print(f"::error file={one.path},line={one.line},title={one.rule}::{one.message}")
    return len(found)


def main() -> None:
    """Check the course in the current folder."""
    try:
        course = Course.read(ROOT)
    except PageError as error:  # mkdocs.yml or the nights
        sys.exit(str(error))
    if found := report(course):
        sys.exit(f"{found} problem{'s' * (found > 1)} in the content.")
    print(f"{len(course.pages)} pages keep {len(RULES)} rules.")


if __name__ == "__main__":
    main()
