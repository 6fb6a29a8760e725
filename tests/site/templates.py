"""A page of each template, and what other pages add to them."""

from __future__ import annotations

import os
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

SITE = Path(os.environ.get("SITE_DIR", "site"))

CHAPTER = "anatomy-of-a-broken-pipeline/silent-success/"
LAB = "labs/break-it-eight-ways/"
TEMPLATES = {
    "home": "",
    "start": "start/",
    "year": "year/",
    "progress": "progress/",
    "track": "tracks/pipeline-failure-modes/",
    "course": "anatomy-of-a-broken-pipeline/",
    "chapter": CHAPTER,
    "glossary": "glossary/",
    "term": "glossary/silent-success/",
    "false friend": "glossary/task/",
    "across tools": "glossary/across-tools/",
    "false friends": "glossary/false-friends/",
    "diagnose": "diagnose/",
    "symptom": "diagnose/all-green-but-the-dashboard-is-zero/",
    "re-run": "diagnose/safe-to-re-run/",
    "labs": "labs/",
    "lab": LAB,
    "search": "search/",
    "rules": "contribute/rules/",
    "reference": "reference/miniorch/",
    "tags": "tags/",
    "not found": "404.html",
}
LONG = {"glossary on paper": "glossary/print/"}  # all terms: axe takes a minute for each look
ALONE = "3am-pack.html"  # a page with styles of its own, which has tests of its own


def file_of(path: str) -> Path:
    """Name the file of an address."""
    return SITE / path / "index.html" if path.endswith("/") or not path else SITE / path


def kinds(page: Path) -> set[str]:
    """Name the kinds of elements of a page, as selectors: tags, and tags with a class."""
    found = set()
    for node in LexborHTMLParser(page.read_text(encoding="utf-8")).css("body *"):
        found.add(node.tag)
        found |= {f"{node.tag}.{name}" for name in (node.attributes.get("class") or "").split()}
    return found


def additions() -> dict[str, list[str]]:
    """Find the pages with kinds of elements that no template and no page before them has."""
    known = set().union(
        *(kinds(file_of(path)) for path in PAGES.values() if file_of(path).exists())
    )
    found = {}
    for page in sorted(SITE.rglob("*.html")):
        path = page.relative_to(SITE).as_posix().removesuffix("index.html")
        if path != ALONE and (new := kinds(page) - known):
            found[path], known = sorted(new), known | new
    return found


PAGES = {**TEMPLATES, **LONG}
ADDED = additions()
