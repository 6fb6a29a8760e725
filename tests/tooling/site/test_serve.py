"""Under `serve` nobody sees a stale page: what is saved is there at the next request."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from testbed.sandbox import PACKAGES, ROOT

FIXTURE = ROOT / "tests" / "fixtures" / "course"
CHAPTER, SNIPPETS = "pipelines/empty-input/", "snippets/pipelines/empty-input"
PROGRAM = f"{SNIPPETS}/empty_input.py"
PAGE, TERM = "docs/pipelines/empty-input.md", "docs/glossary/silent-success.md"
MAIN = "overrides/main.html"
LAB, LOGO = "docs/labs/count-orders.ipynb", "docs/assets/images/logo.svg"
RELOADER = re.compile(r"<script>[^<]*livereload.*?</script>", re.S)  # numbered anew each time
PATIENCE = 60  # seconds
# Runs a command until the other end of its input is closed: whatever ends pytest, it ends too.
ENDS_WITH_US = ("sh", "-c", '"$@" & read _; kill $!; wait', "sh")


@dataclass(frozen=True)
class Live:
    """A course that is being served."""

    root: Path
    url: str
    log: Path

    def get(self, address: str) -> str:
        """Return what stands at an address, without what reloads it."""
        try:
            with urlopen(self.url + address, timeout=PATIENCE) as answer:
                text = answer.read().decode()
        except HTTPError as error:
            text = error.read().decode()
        return RELOADER.sub("", text)

    def edit(self, path: str, old: str, new: str) -> None:
        """Save a source with other words in it."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        (self.root / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    def epoch(self) -> int:
        """Return the version of the site that a page which is open was made of."""
        with urlopen(self.url, timeout=PATIENCE) as answer:
            return int(re.search(r"livereload\((\d+),", answer.read().decode())[1])

    def newer_than(self, epoch: int) -> int:
        """Wait, as an open page does, until the site has a newer version."""
        return int(self.get(f"livereload/{epoch}/1"))

    def pages(self) -> dict[str, str]:
        """Return every page that the site has, by its address."""
        sources = (path.relative_to(self.root / "docs") for path in self.root.rglob("docs/**/*.*"))
        stems = [path.with_suffix("").as_posix() for path in sources if path.suffix in SUFFIXES]
        addresses = [f"{stem}/".replace("index/", "").replace("//", "/") for stem in stems]
        return {address: self.get(address.lstrip("/")) for address in [*addresses, "404.html"]}


SUFFIXES = {".md", ".ipynb"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course, under the site's own settings."""
    root = shutil.copytree(FIXTURE, tmp_path_factory.mktemp("served") / "course")
    shutil.copytree(ROOT / "overrides", root / "overrides")
    shutil.copy(ROOT / "mkdocs.yml", root / "site.yml")
    config = root / "mkdocs.yml"
    text = config.read_text(encoding="utf-8").replace("../../../mkdocs.yml", "site.yml")
    text = text.replace("../../../overrides", "overrides")
    config.write_text(f"{text}  - tags.md\n", encoding="utf-8")
    (root / "docs/tags.md").write_text("# Tags\n\n<!-- material/tags -->\n", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def live(root: Path) -> Iterator[Live]:
    """The small course, served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    paths = os.pathsep.join([str(ROOT), str(PACKAGES)])
    (temporary := root.parent / "tmp").mkdir()
    env = {**os.environ, "COURSE_ROOT": str(root), "PYTHONPATH": paths, "SOURCE_DATE_EPOCH": "0"}
    command = [*ENDS_WITH_US, sys.executable, "-m", "tooling.site.serve", str(port)]
    live = Live(root, f"http://127.0.0.1:{port}/", root.parent / "log")
    with (
        live.log.open("w") as log,
        subprocess.Popen(
            command,
            cwd=root,
            env=env | {"TMPDIR": str(temporary)},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        ),
    ):
        wait_for(port, live.log)
        yield live
    assert not [*temporary.glob("course-*")], "the server has left its site behind"


def wait_for(port: int, log: Path) -> None:
    """Wait until the server takes connections."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"the server does not start:\n{log.read_text(encoding='utf-8')}")


EDITS = {  # what is saved: path, words in it, other words, where to look, and for what
    "a page": (PAGE, "Nobody was paged", "Nobody was called", CHAPTER, "Nobody was called"),
    "a program": (PROGRAM, "every order", "each order", CHAPTER, "each order"),
    "a program by itself": (PROGRAM, "no row", "none", PROGRAM, "none"),
    "a recording": (f"{SNIPPETS}/empty_input.out", "no row", "none", CHAPTER, "failed: none"),
    "a simulation": (f"{SNIPPETS}/night.json", "An empty", "A quiet", CHAPTER, "A quiet night"),
    "a diagram": (f"{SNIPPETS}/two_chains.svg", "Two chains", "Two lines", CHAPTER, "Two lines"),
    "a definition in a preview": (TERM, "A run", "A night", CHAPTER, '="A night that ends well'),
    "a definition in a list": (TERM, "the change it", "what it", "glossary/", "what it exists"),
    "minutes in a sum": (PAGE, "minutes: 3", "minutes: 13", "tracks/basics/", "13 min"),
    "a lab": (LAB, "Put a number", "Put a price", "labs/count-orders/", "Put a price"),
    "an asset": (LOGO, "stroke-width", "data-width", LOGO.removeprefix("docs/"), "data-width"),
    "an override": (MAIN, ">Search<", ">Find<", CHAPTER, "<span>Find</span>"),
    "an override, around what a plugin lists": (MAIN, '"Site"', '"All"', "tags/", 'label="All"'),
    "an error page": ("overrides/404.html", "not here", "not there", "no-such-page/", "not there"),
    "a tag": (PAGE, "[failure mode]", "[state]", "tags/", 'id="tag:state"'),
    "a title": (PAGE, "# Empty Input", "# Hollow Input", "diagnose/", "Hollow Input"),
}


@pytest.mark.parametrize(("path", "old", "new", "address", "words"), EDITS.values(), ids=EDITS)
def test_what_is_saved_is_there_at_the_next_request(
    live: Live, path: str, old: str, new: str, address: str, words: str
) -> None:
    assert words not in live.get(address)
    live.edit(path, old, new)
    assert words in live.get(address)


def test_a_page_that_cannot_be_built_says_why_until_it_can(live: Live) -> None:
    live.edit(PAGE, "level: beginner", "level: easy")
    assert "docs/pipelines/empty-input.md:6: `level`: Input should be" in live.get(CHAPTER)
    assert "exit code" in live.get("glossary/exit-code/").casefold()
    live.edit(PAGE, "level: easy", "level: advanced")
    assert "Advanced" in live.get(CHAPTER)


def test_a_new_page_is_there_until_it_is_deleted(live: Live) -> None:
    term = (live.root / TERM).read_text(encoding="utf-8").replace("# Silent success", "# No-op run")
    page = live.root / "docs/glossary/no-op-run.md"
    page.write_text(term.replace("silent failure", "no-op"), encoding="utf-8")
    assert "No-op run" in live.get("glossary/")
    assert "No-op run" in live.get("glossary/no-op-run/")
    page.unlink()
    assert "This page is not" in live.get("glossary/no-op-run/")
    assert "No-op run" not in live.get("glossary/")


def test_the_search_finds_what_was_saved(live: Live) -> None:
    live.edit(PAGE, "a query", "a quick question")
    live.get(CHAPTER)
    assert "a quick question" in live.get("search.json")


def test_rules_are_checked_again(live: Live) -> None:
    live.edit(PAGE, "(../glossary/exit-code.md)", "(../glossary/exit-cod.md)")
    deadline = time.monotonic() + PATIENCE
    while "docs/glossary/exit-cod.md, which is not there" not in live.log.read_text("utf-8"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    live.edit(PAGE, "(../glossary/exit-cod.md)", "(../glossary/exit-code.md)")


def test_browsers_are_told_to_load_again(live: Live) -> None:
    epoch = live.epoch()
    live.edit(PAGE, "At 03:12", "At 03:13")
    assert live.newer_than(epoch) > epoch


def test_a_page_built_alone_is_as_a_full_build_makes_it(live: Live) -> None:
    live.edit(PAGE, "Step through", "Walk through")
    alone = live.pages()
    live.edit("mkdocs.yml", "nav:", "# Build all.\nnav:")
    assert live.pages() == alone
    assert len(alone) > 10
