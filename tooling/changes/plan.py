"""What a change can affect: from the paths that changed to the sessions and tests that have to run.

A test depends on what it imports, on the program, the page or the symptom that it is named after,
and on the files that it names. What a page says can break only the tests that read it: those of
its chapter or symptom, and in the browser those that look at it or at every page. What nothing
here knows affects everything. `check` and `build` are quick, so all of both always runs.

The kept plugins (pytest-testmon, pytest-picked) follow the Python that one process executes: not a
page, not a recording, not a program in a process of its own.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from testbed.sandbox import ROOT
from testbed.tools import TOOLS
from tooling.changes.since import NAV, changed_since
from tooling.changes.tree import Tree

ALWAYS = ("check", "build")
SITE = ("browser", "zensical")
SESSIONS = (*ALWAYS, "snippets", "airflow", "prefect", "dagster", "argo", *SITE)
WHOLE = ""  # in place of a test: all of the session
# The sessions of which a path affects the whole; the first pattern that fits counts, and `*` is any
# text. What no pattern fits affects everything.
WHOLE_SESSIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("docs/index.md", SITE),  # the page on which the browser tries what every page has
    ("docs/assets/*", SITE),
    ("docs/*", ("zensical",)),
    ("overrides/*", SITE),
    ("mkdocs.yml", SITE),
    (NAV, ("zensical",)),
    ("snippets/*", ("zensical",)),
    ("packages/testbed/*", ()),
    ("packages/*", SITE),  # pages run and document them
    ("tooling/authoring/*", ()),
    ("tooling/changes/*", ()),
    ("tooling/*/*", SITE),
    *((f"requirements/{tool}.txt", (tool,)) for tool in TOOLS),
    ("requirements/test.txt", ("snippets", "browser")),
    ("requirements/runtime.txt", ("browser",)),
    ("requirements/zensical.txt", ("zensical",)),
    ("requirements/site.txt", ()),
    ("requirements/links.txt", ()),
    ("tests/conftest.py", SESSIONS),
    *((f"tests/{room}/*", ()) for room in ("tooling", "repository", "fixtures", "site")),
    *((f"tests/{room}/*", ()) for room in ("packages", "labs", "diagnose", "snippets", "content")),
    (".github/*", ()),
    *((f"{name}.md", ()) for name in ("README", "CONTRIBUTING", "SECURITY", "THIRD_PARTY")),
)
# Tests in the browser that look at every page, or at what all pages together make.
OF_EVERY_PAGE = (
    "test_every_page_has_the_policy",
    "test_links_of_the_built_site_lead_somewhere",
    "test_only_pages_with_a_run_may_start_python",
    "test_readers_find_the_right_page",
    "test_words_seen_lead_to_their_symptom",
    "test_no_page_loses_a_table_or_a_fence",
    "test_no_page_loses_a_word",
    "test_it_holds_every_symptom_card_and_word",
    "test_its_links_lead_into_it_or_to_the_site",
)


@dataclass
class Part:
    """What of one session has to run, and the changed paths that can affect it."""

    session: str
    tests: set[str] = field(default_factory=set)
    because: set[str] = field(default_factory=set)

    @property
    def arguments(self) -> list[str]:
        """What pytest is given; nothing where all of the session runs."""
        if WHOLE in self.tests:
            return []
        if self.session == "browser":  # the tests of one page have only their names in common
            return ["tests/site", "-k", " or ".join(sorted(self.tests))]
        whole_files = {test for test in self.tests if "::" not in test}
        return sorted(
            test
            for test in self.tests
            if test in whole_files or test.partition("::")[0] not in whole_files
        )

    def __str__(self) -> str:
        """Say how much runs and why."""
        if not self.because:
            return f"{self.session}: {self.amount}, as always"
        first, *more = sorted(self.because)
        others = f" and {len(more)} more" if more else ""
        return f"{self.session}: {self.amount}, because {first}{others} changed"

    @property
    def amount(self) -> str:
        """Say how much runs."""
        if WHOLE in self.tests:
            return "all of it"
        if self.session == "browser":
            every_page = ["what looks at every page"] if self.tests & set(OF_EVERY_PAGE) else []
            return ", ".join([*every_page, *sorted(self.tests - set(OF_EVERY_PAGE))])
        recordings = sum("::" in test for test in self.arguments)
        counts = (len(self.arguments) - recordings, "test file"), (recordings, "recording")
        return " and ".join(f"{n} {what}{'s' * (n > 1)}" for n, what in counts if n)


def plan(changed: Iterable[str], tree: Tree) -> dict[str, Part]:
    """Return what has to run after these paths changed, by session."""
    parts = {session: Part(session) for session in SESSIONS}
    for session in ALWAYS:
        parts[session].tests.add(WHOLE)
    for path in changed:
        for session, test in effects(path, tree):
            parts[session].tests.add(test)
            parts[session].because.add(path)
    return {session: part for session, part in parts.items() if part.tests}


def effects(path: str, tree: Tree) -> Iterator[tuple[str, str]]:
    """Walk over what one path can affect: a session, and a test of it or WHOLE."""
    known = (sessions for pattern, sessions in WHOLE_SESSIONS if fnmatchcase(path, pattern))
    whole = next(known, SESSIONS)
    yield from ((session, WHOLE) for session in whole)
    if whole == SESSIONS:
        return  # there is nothing more to run
    for changed in (path, *tree.programs_with(path)):
        for test in tree.tests:
            if tree.is_affected(test, changed):
                in_browser = test.session == "browser"
                yield test.session, PurePosixPath(test.id).name if in_browser else test.id
    yield from (("browser", name) for name in names_in_browser(path, tree))


def names_in_browser(path: str, tree: Tree) -> Iterator[str]:
    """Name the tests in the browser that look at a page, or at a page that shows a snippet."""
    room, _, name = path.rpartition(".")[0].partition("/")
    if path == NAV:
        yield from OF_EVERY_PAGE
    elif room == "docs" and not name.startswith("assets/"):
        yield from (*OF_EVERY_PAGE, name)
    elif room == "snippets":
        name = name.partition(".")[0]  # the picture of a screen: <idea>.<screen>.webp
        for page in (page for page, shown in tree.embeds.items() if name in shown):
            yield from names_in_browser(page, tree)


def options(arguments: list[str]) -> argparse.Namespace:
    """Read the arguments of the session `changed`."""
    parser = argparse.ArgumentParser(prog="changed", description="Run what a change can affect.")
    parser.add_argument("base", nargs="?", help="the commit to compare with; by default main")
    parser.add_argument("--all", action="store_true", help="take everything as changed")
    parser.add_argument("--only", choices=SESSIONS, metavar="SESSION", help="run only this one")
    show = parser.add_mutually_exclusive_group()
    show.add_argument("--list", action="store_true", help="only say what would run, and why")
    show.add_argument("--json", action="store_true", help="only list the sessions, as JSON")
    return parser.parse_args(arguments)


def plan_for(wanted: argparse.Namespace, root: Path = ROOT) -> dict[str, Part]:
    """Return the plan that the options ask for."""
    changed = {"everything"} if wanted.all else changed_since(wanted.base, root)
    found = plan(changed, Tree(root))
    return {name: part for name, part in found.items() if wanted.only in (None, name)}


def written(found: dict[str, Part], as_json: bool) -> str:
    """Write a plan for a reader, or its sessions for a program."""
    return json.dumps([*found]) if as_json else "\n".join(map(str, found.values()))
